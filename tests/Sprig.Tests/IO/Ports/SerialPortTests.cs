using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Scheduling;
using Sprig.Tests.Linux;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortTests
{
    [Theory]
    [InlineData(9600, StopBits.One)]
    [InlineData(115_200, StopBits.Two)]
    [InlineData(250_000, StopBits.One)]
    public void The_tty_has_the_settings_that_were_asked_for(int baudRate, StopBits stopBits)
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        SerialSettings settings = new() { BaudRate = baudRate, StopBits = stopBits };
        using SerialPort port = SerialPort.Open(terminal.DevicePath, settings);
        Assert.Equal((settings, terminal.DevicePath), (port.Settings, port.Device));

        Termios actual = ReadBack(terminal.DevicePath);
        Assert.Equal((uint)baudRate, actual.Speed);
        Assert.Equal(settings.ToFrame(), actual.Control & (Termios.CharacterSizeMask | Termios.TwoStopBits | Termios.ParityEnable | Termios.ParityOdd));
    }

    [Fact]
    public void Unless_asked_otherwise_it_is_9600_8N1()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Assert.Equal("9600 8N1", port.Settings.ToString());
        Assert.Equal(9600u, ReadBack(terminal.DevicePath).Speed);
        using PseudoTerminal other = PseudoTerminal.Open();
        using SerialPort fast = SerialPort.Open(other.DevicePath, 115_200);
        Assert.Equal("115200 8N1", fast.Settings.ToString());
    }

    [Theory]
    [InlineData(7, Parity.None)]
    [InlineData(8, Parity.Even)]
    public void A_frame_that_the_driver_ignores_is_an_error(int dataBits, Parity parity)
    {
        // A pty has no frame: it keeps 8 bits without parity whatever is asked.
        using PseudoTerminal terminal = PseudoTerminal.Open();
        SerialSettings settings = new() { DataBits = dataBits, Parity = parity };
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath, settings));
        Assert.Equal($"{terminal.DevicePath} does not do {settings}: the driver refuses the frame.", error.Message);
    }

    [Theory]
    [InlineData(0, 8, StopBits.One)]
    [InlineData(-9600, 8, StopBits.One)]
    [InlineData(9600, 4, StopBits.One)]
    [InlineData(9600, 9, StopBits.One)]
    [InlineData(9600, 8, StopBits.None)]
    [InlineData(9600, 8, StopBits.OnePointFive)]
    public void Impossible_settings_are_a_mistake_of_the_caller(int baudRate, int dataBits, StopBits stopBits)
    {
        SerialSettings settings = new() { BaudRate = baudRate, DataBits = dataBits, StopBits = stopBits };
        Assert.Throws<ArgumentOutOfRangeException>(() => SerialPort.Open("/dev/null", settings));
    }

    [Fact]
    public void An_unknown_parity_is_a_mistake_of_the_caller()
        => Assert.Throws<ArgumentOutOfRangeException>(() => SerialPort.Open("/dev/null", new SerialSettings { Parity = (Parity)5 }));

    [Theory]
    [InlineData(8, Parity.None, StopBits.One, 0x30u, "8N1")]
    [InlineData(7, Parity.Even, StopBits.One, 0x120u, "7E1")]
    [InlineData(6, Parity.Odd, StopBits.Two, 0x350u, "6O2")]
    [InlineData(5, Parity.None, StopBits.Two, 0x40u, "5N2")]
    public void A_frame_is_told_to_the_kernel_in_its_bits(int dataBits, Parity parity, StopBits stopBits, uint frame, string text)
    {
        SerialSettings settings = new() { BaudRate = 300, DataBits = dataBits, Parity = parity, StopBits = stopBits };
        Assert.Equal(frame, settings.ToFrame());
        Assert.Equal($"300 {text}", settings.ToString());
    }

    [Fact]
    public void A_missing_device_is_named()
        => Assert.Equal("There is no device /dev/ttyNowhere0.", Assert.Throws<FileNotFoundException>(() => SerialPort.Open("/dev/ttyNowhere0")).Message);

    [Fact]
    public void A_device_that_is_no_tty_says_so()
        => Assert.Equal("/dev/null is no serial device.", Assert.Throws<IOException>(() => SerialPort.Open("/dev/null")).Message);

    [Fact]
    public void A_port_that_is_open_is_in_use_for_users_too()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort first = SerialPort.Open(terminal.DevicePath);
        if (Environment.IsPrivilegedProcess)
            Everybody(terminal.DevicePath);
        UnprivilegedThread.Run(() =>
        {
            IOException error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath));
            Assert.Equal($"{terminal.DevicePath} is in use by this program itself.", error.Message);
        });
    }

    [Fact]
    public void A_port_that_was_closed_may_be_opened_again()
    {
        // While its other end is open, the kernel keeps a pty and with it that it was opened exclusively.
        using PseudoTerminal terminal = PseudoTerminal.Open();
        if (Environment.IsPrivilegedProcess)
            Everybody(terminal.DevicePath);
        UnprivilegedThread.Run(() =>
        {
            Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath, new SerialSettings { DataBits = 7 }));
            SerialPort.Open(terminal.DevicePath).Dispose();
            SerialPort.Open(terminal.DevicePath).Dispose();
        });
    }

    [Fact]
    public void What_came_before_the_port_was_opened_is_thrown_away() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using (FileDescriptor early = DeviceAccess.Open(terminal.DevicePath))
        {
            await terminal.WriteAsync("old"u8.ToArray());
            _ = Syscall.WaitReady(early.Number, Syscall.PollIn);
            using SerialPort port = SerialPort.Open(terminal.DevicePath);
            await terminal.WriteAsync("new"u8.ToArray());
            Assert.Equal("new"u8.ToArray(), await IoLoop.ReadExactly(port, 3));
        }
    });

    [Fact]
    public void Unplugged_while_reading_is_an_error_that_names_the_device() => IoLoop.Run(async () =>
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(new byte[8]));
        await IoLoop.UntilBlocked(reader);
        terminal.Dispose();
        AssertGone(await IoLoop.Throws<IOException>(async () => await reader), port);
        AssertGone(await IoLoop.Throws<IOException>(async () => await port.ReadAsync(new byte[8])), port);
        AssertGone(await IoLoop.Throws<IOException>(async () => await port.WriteAsync(new byte[8])), port);
    });

    [Fact]
    public void Unplugged_while_writing_is_an_error_in_the_writer_and_in_the_reader() => IoLoop.Run(async () =>
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Coroutine writer = Coroutine.Spawn(() => port.WriteAsync(new byte[1 << 20]));
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(new byte[8]));
        await IoLoop.UntilBlocked(writer);
        await IoLoop.UntilBlocked(reader);
        terminal.Dispose();
        AssertGone(await IoLoop.Throws<IOException>(async () => await writer), port);
        AssertGone(await IoLoop.Throws<IOException>(async () => await reader), port);
    });

    [Fact]
    public void What_was_read_ahead_while_a_read_waits_comes_before_what_comes_later() => SerialLoop.Run(async (terminal, port) =>
    {
        byte[] buffer = new byte[8];
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(buffer));
        await IoLoop.UntilBlocked(reader);
        SerialLoop.SendNow(terminal, port, "ab"u8);
        port.ReadTimeout = 0;
        Assert.Throws<TimeoutException>(() => port.ReadLine());
        SerialLoop.SendNow(terminal, port, "c\n"u8);
        Assert.Equal(2, await reader);
        Assert.Equal("ab"u8, buffer.AsSpan(0, 2));
        Assert.Equal("c", await port.ReadLineAsync());
    });

    [Fact]
    public void A_line_that_another_has_read_ahead_ends_the_wait_for_it() => SerialLoop.Run(async (terminal, port) =>
    {
        Coroutine<string?> reader = Coroutine.Spawn(() => port.ReadLineAsync());
        await IoLoop.UntilBlocked(reader);
        SerialLoop.SendNow(terminal, port, "hello\n"u8);
        Assert.Equal('h', port.ReadChar());
        using (Deadline.After(TimeSpan.FromSeconds(30)))
            Assert.Equal("ello", await reader);
    });

    [Fact]
    public void Who_waits_for_silence_is_given_first_what_was_read_ahead() => SerialLoop.Run(async (terminal, port) =>
    {
        SerialLoop.SendNow(terminal, port, "ab\ncd"u8);
        Assert.Equal("ab", await port.ReadLineAsync());
        byte[] buffer = new byte[8];
        Assert.Equal(2, await port.ReadUntilAsync(buffer, MonotonicTime.Now));
        Assert.Equal("cd"u8, buffer.AsSpan(0, 2));
        Assert.Equal(-1, await port.ReadUntilAsync(buffer, MonotonicTime.Now));
    });

    private static void AssertGone(IOException error, SerialPort port)
    {
        Assert.Contains($" {port.Device}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("unplugged", error.Message, StringComparison.Ordinal);
    }

    // By the port's own descriptor: it is open exclusively.
    internal static Termios ReadBack(string path)
    {
        Assert.Equal(0, Termios.Get(OwnDescriptorOf(path), out Termios settings));
        return settings;
    }

    private static int OwnDescriptorOf(string path)
        => Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Where(entry => new FileInfo(entry).LinkTarget == path)
            .Select(entry => int.Parse(Path.GetFileName(entry), System.Globalization.CultureInfo.InvariantCulture))
            .First();

    private static void Everybody(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
    }
}
