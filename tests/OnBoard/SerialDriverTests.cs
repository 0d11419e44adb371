using Sprig.IO.Ports;
using Xunit;

namespace OnBoard;

/// <summary>What drivers do besides bytes: counting, draining, collecting, switching a sender.</summary>
public class SerialDriverTests
{
    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void The_driver_counts_bytes_and_no_errors(string where) => SerialBench.RunOnHardware(where, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path, 115_200);
        await port.WriteAsync(new byte[2_000]);
        await port.ReadExactlyAsync(new byte[2_000]);
        Assert.Equal(new SerialErrorCounts { BytesReceived = 2_000, BytesSent = 2_000 }, port.ErrorCounts);
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void Once_drained_all_is_sent(string where) => SerialBench.RunOnHardware(where, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path, 115_200);
        await port.WriteAsync(new byte[3_000]);
        await port.DrainAsync();
        Assert.Equal(0, port.BytesToWrite);
        Assert.Equal(3_000, port.ErrorCounts?.BytesSent);
        await port.ReadExactlyAsync(new byte[3_000]);
        Assert.Equal(0, port.BytesToRead);
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void A_handshake_by_lines_lets_bytes_pass_while_CTS_is_up(string where) => SerialBench.RunOnHardware(where, async bench =>
    {
        Assert.SkipUnless(bench.IsEmulated, "CTS has to be wired to RTS.");
        using SerialPort port = SerialPort.Open(bench.Path, new SerialSettings { BaudRate = 115_200, Handshake = Handshake.RequestToSend });
        await port.WriteLineAsync("hands");
        Assert.Equal("hands", await port.ReadLineAsync());
    });

    /// <summary>An FTDI chip collects for 16 ms, or for what its file says; told not to, for 1.</summary>
    [Fact]
    public void An_adapter_does_not_collect_when_latency_is_to_be_low() => SerialBench.RunOnHardware(SerialBench.Adapter, async bench =>
    {
        Assert.SkipUnless(bench.Device.Driver == "ftdi_sio", "This is of an FTDI chip.");
        string timer = $"/sys/class/tty/{Path.GetFileName(bench.Device.Path)}/device/latency_timer";
        await File.WriteAllTextAsync(timer, "8");
        using SerialPort port = SerialPort.Open(bench.Path, 115_200);
        Assert.Equal("8", File.ReadAllText(timer).Trim());
        port.Settings = port.Settings with { LowLatency = true };
        Assert.Equal("1", File.ReadAllText(timer).Trim());
        port.Settings = port.Settings with { LowLatency = false };
        Assert.Equal("8", File.ReadAllText(timer).Trim());
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void A_driver_that_does_not_switch_an_RS485_line_says_so_and_the_port_can_be_had_without(string where) => SerialBench.RunOnHardware(where, async bench =>
    {
        Assert.SkipUnless(bench.Device.Driver is "serial" or "ftdi_sio", "Others may.");
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(bench.Path, new SerialSettings { Rs485 = new Rs485Settings() }));
        Assert.Contains($"The driver of {bench.Path} does not switch an RS-485 line", error.Message, StringComparison.Ordinal);
        using SerialPort port = SerialPort.Open(bench.Path);
        await port.WriteLineAsync("plain");
        Assert.Equal("plain", await port.ReadLineAsync());
    });

    /// <summary>A PL011 does, as a Pi's. The emulated board's is the console's: nothing is sent.</summary>
    [Fact]
    public void A_driver_that_switches_an_RS485_line_is_read_back()
    {
        string? path = Environment.GetEnvironmentVariable("SPRIG_RS485");
        Assert.SkipWhen(path is null, "SPRIG_RS485 names no port here.");
        Rs485Settings wanted = new() { RtsOnSend = false, RtsAfterSend = true, DelayAfterSend = TimeSpan.FromMilliseconds(2) };
        using SerialPort port = SerialPort.Open(path, new SerialSettings { BaudRate = 115_200, Rs485 = wanted });
        Assert.Equal(wanted, port.Rs485);
        port.Settings = port.Settings with { Rs485 = new Rs485Settings { Enabled = false } };
        Assert.False(port.Rs485?.Enabled);
    }
}
