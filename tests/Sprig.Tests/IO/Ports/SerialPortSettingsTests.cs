using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialPortSettingsTests
{
    private const uint Hardware = Termios.HardwareHandshake;
    private const uint Characters = Termios.StopInput | Termios.StopOutput;

    [Fact]
    public void Settings_change_while_it_is_open() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.BaudRate = 250_000;
        port.StopBits = StopBits.Two;
        Termios actual = ReadBack(port);
        Assert.Equal(250_000u, actual.Speed);
        Assert.Equal(Termios.TwoStopBits, actual.Control & Termios.TwoStopBits);
        Assert.Equal("250000 8N2", port.Settings.ToString());
        port.Settings = new SerialSettings { BaudRate = 19_200 };
        Assert.Equal((19_200, StopBits.One, 19_200u), (port.BaudRate, port.StopBits, ReadBack(port).Speed));
    });

    [Theory]
    [InlineData(Handshake.None, 0u, 0u)]
    [InlineData(Handshake.XOnXOff, 0u, Characters)]
    [InlineData(Handshake.RequestToSend, Hardware, 0u)]
    [InlineData(Handshake.RequestToSendXOnXOff, Hardware, Characters)]
    public void A_handshake_is_told_to_the_kernel(Handshake handshake, uint control, uint input) => SerialLoop.RunPlain((terminal, port) =>
    {
        port.Handshake = handshake;
        Termios actual = ReadBack(port);
        Assert.Equal((control, input), (actual.Control & Hardware, actual.Input & Characters));
        Assert.Equal(handshake, port.Handshake);
    });

    [Fact]
    public void What_the_driver_refuses_leaves_the_port_as_it_was() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.BaudRate = 19_200;
        IOException error = Assert.Throws<IOException>(() => port.DataBits = 7);
        Assert.Contains("does not do 19200 7N1", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => port.Parity = Parity.Even);
        Assert.Throws<IOException>(() => port.Settings = new SerialSettings { BaudRate = 300, Parity = Parity.Mark });
        Assert.Equal("19200 8N1", port.Settings.ToString());
        Assert.Equal(19_200u, ReadBack(port).Speed);
    });

    [Fact]
    public void A_rate_that_the_driver_rounds_by_more_than_3_percent_is_refused_and_the_old_one_is_back()
    {
        using TtyDouble tty = new() { Round = rate => rate == 1_000_000 ? 960_000u : rate == 100_000 ? 97_500u : rate };
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Open();
        port.BaudRate = 100_000;
        IOException error = Assert.Throws<IOException>(() => port.BaudRate = 1_000_000);
        Assert.Equal($"{terminal.DevicePath} does not do 1000000 baud: the driver chose 960000.", error.Message);
        Assert.Equal(100_000, port.BaudRate);
        Assert.Equal(97_500u, ReadBack(port).Speed);
    }

    [Fact]
    public void Impossible_values_are_mistakes_of_the_caller_at_once()
    {
        using SerialPort port = new("/dev/ttyNowhere0");
        Assert.Throws<ArgumentOutOfRangeException>(() => port.BaudRate = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.DataBits = 9);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Parity = (Parity)5);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.StopBits = StopBits.None);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Handshake = (Handshake)9);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.ReadTimeout = -2);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.ReceivedBytesThreshold = 0);
        Assert.Throws<ArgumentException>(() => port.NewLine = "");
        Assert.Throws<ArgumentNullException>(() => port.Encoding = null!);
        Assert.Throws<ArgumentNullException>(() => port.Settings = null!);
        // Together only: which of the two comes first is no mistake while it is closed.
        port.StopBits = StopBits.OnePointFive;
        Assert.Throws<ArgumentOutOfRangeException>(port.Open);
        port.DataBits = 5;
        Assert.Throws<FileNotFoundException>(port.Open);
    }

    [Fact]
    public void Sizes_of_buffers_are_set_before_it_is_opened() => SerialLoop.RunPlain((terminal, port) =>
    {
        Assert.Throws<InvalidOperationException>(() => port.ReadBufferSize = 8192);
        Assert.Throws<InvalidOperationException>(() => port.WriteBufferSize = 8192);
        port.Close();
        port.ReadBufferSize = port.WriteBufferSize = 8192;
        Assert.Equal((8192, 8192), (port.ReadBufferSize, port.WriteBufferSize));
    });

    [Theory]
    [InlineData(false, 0u)]
    [InlineData(true, Termios.HangUpOnClose)]
    public void It_hangs_up_on_close_only_where_that_is_asked_for(bool hangUp, uint flag)
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath, new SerialSettings { HangUpOnClose = hangUp });
        Assert.Equal(flag, ReadBack(port).Control & Termios.HangUpOnClose);
    }

    [Fact]
    public void An_RS485_line_is_set_and_read_back()
    {
        Rs485Settings wanted = new()
        {
            RtsOnSend = false,
            RtsAfterSend = true,
            DelayBeforeSend = TimeSpan.FromMilliseconds(2),
            DelayAfterSend = TimeSpan.FromMilliseconds(5),
            ReceivesWhileSending = true,
            Terminated = true,
        };
        using TtyDouble tty = new() { HasRs485 = true };
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Settings = new SerialSettings { Rs485 = wanted };
        port.Open();
        Assert.Equal(wanted, port.Rs485);
        port.Settings = port.Settings with { Rs485 = new Rs485Settings { Enabled = false } };
        Assert.False(port.Rs485?.Enabled);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => port.Settings = port.Settings with { Rs485 = new Rs485Settings { DelayBeforeSend = TimeSpan.FromMicroseconds(1500) } });
    }

    [Fact]
    public void An_RS485_setting_that_the_driver_drops_is_an_error_and_the_old_one_is_back()
    {
        using TtyDouble tty = new() { HasRs485 = true, Rs485Mask = ~SerialUapi.Rs485Terminated };
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Settings = new SerialSettings { Rs485 = new Rs485Settings() };
        port.Open();
        IOException error = Assert.Throws<IOException>(() => port.Settings = port.Settings with { BaudRate = 300, Rs485 = new Rs485Settings { Terminated = true } });
        Assert.Contains("the driver chose", error.Message, StringComparison.Ordinal);
        Assert.Equal((new Rs485Settings(), 9600, 9600u), (port.Rs485, port.BaudRate, ReadBack(port).Speed));
    }

    [Fact]
    public void A_driver_without_RS485_or_low_latency_is_an_error_for_who_asks_for_it()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath, new SerialSettings { Rs485 = new Rs485Settings() }));
        Assert.Contains("does not switch an RS-485 line", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<IOException>(() => SerialPort.Open(terminal.DevicePath, new SerialSettings { LowLatency = true }));
        Assert.Contains("no low-latency flag", error.Message, StringComparison.Ordinal);
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        Assert.Null(port.Rs485);
    }

    [Fact]
    public void Low_latency_is_set_and_taken_back()
    {
        using TtyDouble tty = new() { HasLowLatency = true };
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Settings = new SerialSettings { LowLatency = true };
        port.Open();
        Assert.Equal(SerialUapi.LowLatency, tty.SerialFlags);
        port.Settings = port.Settings with { LowLatency = false };
        Assert.Equal(0u, tty.SerialFlags);
    }

    [Fact]
    public void A_byte_of_the_wrong_parity_is_replaced_unless_that_is_turned_off()
    {
        using TtyDouble tty = new();
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Parity = Parity.Even;
        port.Open();
        const uint Marks = Termios.CheckParity | Termios.MarkErrors;
        Assert.Equal(Marks, ReadBack(port).Input & Marks);
        // The kernel marks as it does for a UART: a good 0xFF comes twice, and here once again.
        SerialLoop.SendNow(terminal, port, [1, 0xFF, 2]);
        byte[] buffer = new byte[8];
        int count = port.Read(buffer, 0, 8);
        while (count < 3)
            count += port.Read(buffer, count, 8 - count);
        Assert.Equal(new byte[] { 1, 0xFF, 2 }, buffer[..count]);
        port.ParityReplace = 0;
        Assert.Equal(0u, ReadBack(port).Input & Marks);
    }

    [Fact]
    public void NULs_are_dropped_where_that_is_wanted_and_the_end_is_heard_of_all_the_same() => SerialLoop.RunPlain((terminal, port) =>
    {
        port.DiscardNull = true;
        terminal.Write([0, 1, 0, 0, 2, 0]);
        Assert.Equal((1, 2), (port.ReadByte(), port.ReadByte()));
        terminal.Write([0, 0, 0]);
        terminal.Dispose();
        Assert.Throws<IOException>(() => port.ReadByte());
    });

    private static Termios ReadBack(SerialPort port)
    {
        Assert.Equal(0, Termios.Get(port.Line.Tty, out Termios settings));
        return settings;
    }
}
