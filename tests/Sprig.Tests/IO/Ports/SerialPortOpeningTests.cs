using System.Diagnostics;
using System.Text;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Scheduling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortOpeningTests
{
    [Fact]
    public void A_new_port_is_set_as_in_System_IO_Ports_and_not_open()
    {
        using SerialPort port = new("/dev/ttyNowhere0", 115_200, Parity.Even, 7, StopBits.Two);
        Assert.False(port.IsOpen);
        Assert.Equal(("/dev/ttyNowhere0", 115_200, Parity.Even, 7, StopBits.Two), (port.PortName, port.BaudRate, port.Parity, port.DataBits, port.StopBits));
        using SerialPort other = new();
        Assert.Equal((9600, 8, Parity.None, StopBits.One, Handshake.None), (other.BaudRate, other.DataBits, other.Parity, other.StopBits, other.Handshake));
        Assert.Equal(("\n", Encoding.ASCII, 1, (byte)'?', false), (other.NewLine, other.Encoding, other.ReceivedBytesThreshold, other.ParityReplace, other.DiscardNull));
        Assert.Equal((SerialPort.InfiniteTimeout, SerialPort.InfiniteTimeout, 4096, 2048), (other.ReadTimeout, other.WriteTimeout, other.ReadBufferSize, other.WriteBufferSize));
        Assert.False(other.DtrEnable || other.RtsEnable);
        Assert.Same(other, other.BaseStream);
    }

    [Fact]
    public void What_is_not_open_says_so_and_what_was_closed_says_that()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = new(terminal.DevicePath);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => port.Read(new byte[1], 0, 1));
        Assert.Equal($"{terminal.DevicePath} is not open; call Open first.", error.Message);
        Assert.Throws<InvalidOperationException>(() => port.BytesToRead);
        port.Open();
        port.Close();
        Assert.False(port.IsOpen);
        Assert.StartsWith($"{terminal.DevicePath} is closed", Assert.Throws<ObjectDisposedException>(() => port.ReadLine()).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => port.Write("x"));
        Assert.Throws<InvalidOperationException>(() => new SerialPort().Open());
    }

    [Fact]
    public void It_is_opened_and_closed_and_opened_again_under_another_name_too() => IoLoop.Run(async () =>
    {
        using PseudoTerminal first = PseudoTerminal.Open();
        using PseudoTerminal second = PseudoTerminal.Open();
        using SerialPort port = new(first.DevicePath);
        foreach (PseudoTerminal terminal in new[] { first, second, first })
        {
            port.PortName = terminal.DevicePath;
            port.Open();
            Assert.Throws<InvalidOperationException>(port.Open);
            Assert.Throws<InvalidOperationException>(() => port.PortName = "/dev/null");
            await SerialLoop.Send(terminal, "line\nrest");
            Assert.Equal("line", await port.ReadLineAsync());
            Assert.Equal(terminal.DevicePath, port.Device);
            port.Close();
        }
    });

    [Fact]
    public void Who_waits_when_it_is_closed_is_woken_and_never_goes_on_with_what_is_opened_next() => SerialLoop.Run(async (terminal, port) =>
    {
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(new byte[8]));
        Coroutine writer = Coroutine.Spawn(() => port.WriteAsync(new byte[1 << 20]));
        await IoLoop.UntilBlocked(reader);
        await IoLoop.UntilBlocked(writer);
        port.Close();
        port.Open();
        await IoLoop.Throws<ObjectDisposedException>(async () => await reader);
        await IoLoop.Throws<ObjectDisposedException>(async () => await writer);
        await SerialLoop.Send(terminal, "new\n");
        Assert.Equal("new", await port.ReadLineAsync());
    });

    [Fact]
    public void A_reader_that_was_woken_just_before_it_was_closed_and_opened_again_takes_nothing() => SerialLoop.Run(async (terminal, port) =>
    {
        Coroutine<int> reader = Coroutine.Spawn(() => port.ReadAsync(new byte[8]));
        await IoLoop.UntilBlocked(reader);
        await SerialLoop.Send(terminal, "old\n");
        while (reader.State == CoroutineState.Blocked)
            await Coroutine.Yield();
        port.Close();
        port.Open();
        await SerialLoop.Send(terminal, "new\n");
        await IoLoop.Throws<ObjectDisposedException>(async () => await reader);
        Assert.Equal("new", await port.ReadLineAsync());
    });

    [Fact]
    public void What_was_read_ahead_is_forgotten_when_it_is_opened_again() => SerialLoop.Run(async (terminal, port) =>
    {
        await SerialLoop.Send(terminal, "one\ntwo\n");
        Assert.Equal("one", await port.ReadLineAsync());
        port.Close();
        port.Open();
        await SerialLoop.Send(terminal, "three\n");
        Assert.Equal("three", await port.ReadLineAsync());
    });

    [Fact]
    public void A_second_opening_in_this_program_names_it_for_root_too()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort first = SerialPort.Open(terminal.DevicePath);
        using SerialPort second = new(terminal.DevicePath);
        IOException error = Assert.Throws<IOException>(second.Open);
        Assert.Equal($"{terminal.DevicePath} is in use by this program itself.", error.Message);
        first.Close();
        second.Open();
        Assert.Throws<IOException>(first.Open);
    }

    [Fact]
    public async Task Another_program_that_has_locked_it_is_named()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using Process other = Process.Start(new ProcessStartInfo("flock", [terminal.DevicePath, "sh", "-c", "echo ready; read end"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await other.StandardOutput.ReadLineAsync());
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath));
        Assert.Matches($"^{terminal.DevicePath} is in use by '(flock|sh)' \\(process [0-9]+\\)\\.$", error.Message);
        other.StandardInput.Close();
        await other.WaitForExitAsync();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
    }

    [Fact]
    public void A_mark_that_a_killed_program_has_left_keeps_root_out_no_more()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "For others the kernel keeps it.");
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using (FileDescriptor killed = DeviceAccess.Open(terminal.DevicePath))
        {
            Assert.Equal(0, Termios.SetExclusive(killed.Number));
            IOException error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath));
            Assert.EndsWith("is in use by this program itself.", error.Message, StringComparison.Ordinal);
        }

        using SerialPort port = SerialPort.Open(terminal.DevicePath);
    }

    [Fact]
    public void Who_is_turned_away_leaves_the_holder_its_mark()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort first = SerialPort.Open(terminal.DevicePath);
        Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath));
        Assert.True(Termios.IsExclusive(first.Line.Number));
        Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath));
    }

    [Fact]
    public void A_thread_that_blocks_in_it_is_called_away_when_it_is_closed()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        SignalledThread<Exception?> reader = new(() => Record.Exception(() => port.ReadLine()));
        SignalledThread<Exception?> writer = new(() => Record.Exception(() => port.Write(new byte[1 << 20])));
        reader.WaitUntilAsleep();
        writer.WaitUntilAsleep();
        // EINTR never shows here either.
        reader.Interrupt();
        writer.Interrupt();
        port.Close();
        Assert.IsType<ObjectDisposedException>(reader.Join());
        Assert.IsType<ObjectDisposedException>(writer.Join());
        port.Open();
    }

    [Fact]
    public void It_lists_what_may_be_opened()
        => Assert.All(SerialPort.GetPortNames(), name => Assert.StartsWith("/dev/", name, StringComparison.Ordinal));
}
