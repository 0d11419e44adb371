using Sprig.IO;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

public class TermiosTests
{
    private const uint EightBits = 0x30;

    [Theory]
    [InlineData(9600u)]
    [InlineData(115_200u)]
    [InlineData(250_000u)]
    [InlineData(31_250u)]
    [InlineData(4_000_000u)]
    public void Any_baud_rate_is_taken_and_read_back(uint baudRate)
    {
        using FileDescriptor tty = OpenTty(out PseudoTerminal other);
        using (other)
        {
            Assert.Equal(0, Termios.Get(tty.Number, out Termios settings));
            settings.MakeRaw(baudRate, EightBits);
            Assert.Equal(0, settings.Set(tty.Number));

            Assert.Equal(0, Termios.Get(tty.Number, out Termios actual));
            Assert.Equal(baudRate, actual.Speed);
        }
    }

    [Fact]
    public void Raw_leaves_the_modem_lines_alone_and_receives()
    {
        using FileDescriptor tty = OpenTty(out PseudoTerminal other);
        using (other)
        {
            _ = Termios.Get(tty.Number, out Termios settings);
            settings.MakeRaw(9600, EightBits);
            const uint CharacterSize = 0x30, TwoStop = 0x40, Receive = 0x80, Parity = 0x300, HangUp = 0x400, Local = 0x800, Handshake = 0x80000000;
            Assert.Equal(
                EightBits | Receive | Local,
                settings.Control & (CharacterSize | TwoStop | Receive | Parity | HangUp | Local | Handshake));
            Assert.Equal(0x1000_1000u, settings.Control & 0x100F_100F);
        }
    }

    [Fact]
    public void Raw_does_not_touch_bytes_on_their_way()
    {
        using FileDescriptor tty = OpenTty(out PseudoTerminal other);
        using (other)
        {
            byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
            other.Write(all);
            byte[] read = new byte[256];
            int have = 0;
            while (have < read.Length)
            {
                _ = Syscall.WaitReady(tty.Number, Syscall.PollIn);
                have += Math.Max(0, Syscall.Read(tty.Number, read.AsSpan(have)));
            }

            Assert.Equal(all, read);
        }
    }

    [Fact]
    public void An_idle_line_answers_would_block_and_a_hung_up_one_answers_end()
    {
        using FileDescriptor tty = OpenTty(out PseudoTerminal other);
        Assert.Equal(-Errno.EAGAIN, Syscall.Read(tty.Number, new byte[8]));
        other.Dispose();
        Assert.Equal(0, Syscall.Read(tty.Number, new byte[8]));
        Assert.Equal(-Errno.EIO, Syscall.Write(tty.Number, new byte[8]));
    }

    [Fact]
    public void What_is_no_tty_says_so()
    {
        using FileDescriptor nothing = DeviceAccess.Open("/dev/null");
        Assert.Equal(-Errno.ENOTTY, Termios.Get(nothing.Number, out Termios settings));
        Assert.Equal(-Errno.ENOTTY, settings.Set(nothing.Number));
        Assert.Equal(-Errno.ENOTTY, Termios.SetExclusive(nothing.Number));
    }

    [Fact]
    public void Flush_throws_away_what_was_not_read()
    {
        using FileDescriptor tty = OpenTty(out PseudoTerminal other);
        using (other)
        {
            other.Write("old"u8);
            _ = Syscall.WaitReady(tty.Number, Syscall.PollIn);
            Assert.True(Termios.Flush(tty.Number) >= 0);
            Assert.Equal(-Errno.EAGAIN, Syscall.Read(tty.Number, new byte[8]));
        }
    }

    private static FileDescriptor OpenTty(out PseudoTerminal other)
    {
        other = PseudoTerminal.Open();
        return DeviceAccess.Open(other.DevicePath);
    }
}
