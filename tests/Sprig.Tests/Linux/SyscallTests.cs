using Sprig.Linux;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Linux;

public class SyscallTests
{
    private const uint CountUnreadBytes = 0x541B;
    private const uint GetTerminalSettings = 0x5401;

    [Fact]
    public void Reading_an_empty_pipe_answers_EAGAIN_as_a_negative_number()
    {
        using TestPair pipe = TestPair.Pipe();
        Assert.Equal(-11, pipe.ReceiveAtNear());
    }

    [Fact]
    public void Writing_to_a_full_pipe_answers_EAGAIN_as_a_negative_number()
    {
        using TestPair pipe = TestPair.Pipe();
        TestPair.Fill(pipe.Far);
        Assert.Equal(-11, Syscall.Write(pipe.Far, [1]));
    }

    [Fact]
    public void A_read_is_short_when_there_is_less_than_the_buffer_holds()
    {
        using TestPair pipe = TestPair.Pipe();
        NativeCalls.Require(Syscall.Write(pipe.Far, [7, 8, 9]), "write");
        byte[] buffer = new byte[10];
        Assert.Equal(3, Syscall.Read(pipe.Near, buffer));
        Assert.Equal([7, 8, 9, 0, 0, 0, 0, 0, 0, 0], buffer);
    }

    [Fact]
    public void A_read_leaves_for_the_next_one_what_its_buffer_could_not_hold()
    {
        using TestPair pipe = TestPair.Pipe();
        pipe.Send(5);
        Assert.Equal(4, pipe.ReceiveAtNear(4));
        Assert.Equal(1, pipe.ReceiveAtNear(4));
        Assert.Equal(-Errno.EAGAIN, pipe.ReceiveAtNear(4));
    }

    [Fact]
    public void A_write_is_short_when_the_kernel_has_less_room_than_the_buffer_holds()
    {
        using TestPair pipe = TestPair.Pipe();
        int room = TestPair.Fill(pipe.Far);
        Assert.Equal(room, TestPair.Drain(pipe.Near));
        Assert.Equal(room, Syscall.Write(pipe.Far, new byte[room + 4096]));
    }

    [Fact]
    public void A_read_answers_0_at_the_end()
    {
        using TestPair pipe = TestPair.Pipe();
        pipe.CloseFar();
        Assert.Equal(0, pipe.ReceiveAtNear());
    }

    [Fact]
    public void A_write_to_a_pipe_that_nobody_reads_answers_EPIPE_and_kills_nobody()
    {
        using TestPair pipe = TestPair.Pipe();
        pipe.CloseNear();
        Assert.Equal(-Errno.EPIPE, Syscall.Write(pipe.Far, [1]));
    }

    [Fact]
    public void An_empty_buffer_moves_nothing()
    {
        using TestPair pipe = TestPair.Pipe();
        Assert.Equal(0, Syscall.Write(pipe.Far, []));
        pipe.Send();
        Assert.Equal(0, Syscall.Read(pipe.Near, []));
        Assert.Equal(1, pipe.ReceiveAtNear());
    }

    [Fact]
    public void A_pipe_does_not_block_and_is_not_inherited()
    {
        const int GetStatusFlags = 3;
        using TestPair pipe = TestPair.Pipe();
        foreach (int end in new[] { pipe.Near, pipe.Far })
        {
            Assert.Equal(NativeCalls.NonBlocking, NativeCalls.Flags(end, GetStatusFlags) & NativeCalls.NonBlocking);
            Assert.Equal(1, NativeCalls.Flags(end, NativeCalls.GetDescriptorFlags));
        }
    }

    [Fact]
    public void SetNonBlocking_turns_a_read_that_would_block_into_EAGAIN()
    {
        using TestPair pipe = TestPair.BlockingPipe();
        Assert.Equal(0, Syscall.SetNonBlocking(pipe.Near));
        Assert.Equal(-Errno.EAGAIN, pipe.ReceiveAtNear());
    }

    [Fact]
    public void SetNonBlocking_of_no_descriptor_is_an_error() => Assert.Equal(-9, Syscall.SetNonBlocking(-1));

    [Fact]
    public void Open_answers_a_descriptor_that_is_not_inherited()
    {
        using FileDescriptor opened = FileDescriptor.FromResult(Syscall.Open("/dev/null", Syscall.OpenReadWrite), "open", "/dev/null");
        Assert.Equal(1, NativeCalls.Flags(opened.Number, NativeCalls.GetDescriptorFlags));
    }

    [Fact]
    public void Open_of_what_is_not_there_answers_ENOENT()
        => Assert.Equal(-Errno.ENOENT, Syscall.Open("/dev/no-such-device", Syscall.OpenReadWrite));

    [Fact]
    public void Ioctl_fills_the_argument()
    {
        using TestPair pipe = TestPair.Pipe();
        pipe.Send(5);
        byte[] count = new byte[4];
        Assert.Equal(0, Syscall.Ioctl(pipe.Near, CountUnreadBytes, count));
        Assert.Equal(5, BitConverter.ToInt32(count));
    }

    [Fact]
    public void Ioctl_that_the_device_does_not_know_answers_ENOTTY()
    {
        using TestPair pipe = TestPair.Pipe();
        Assert.Equal(-Errno.ENOTTY, Syscall.Ioctl(pipe.Near, GetTerminalSettings, new byte[64]));
    }

    [Fact]
    public void WaitReady_returns_at_once_when_the_descriptor_is_ready()
    {
        using TestPair pipe = TestPair.Pipe();
        pipe.Send();
        Assert.Equal(1, Syscall.WaitReady(pipe.Near, Syscall.PollIn));
        Assert.Equal(1, Syscall.WaitReady(pipe.Far, Syscall.PollOut));
    }

    [Fact]
    public void TimerSlack_is_one_threads_own()
    {
        long other = 0;
        Thread thread = new(() =>
        {
            Syscall.TimerSlack = 1;
            other = Syscall.TimerSlack;
        });
        long mine = Syscall.TimerSlack;
        thread.Start();
        thread.Join();
        Assert.Equal(1, other);
        Assert.Equal(mine, Syscall.TimerSlack);
    }
}
