using Sprig.IO.Ports;
using Xunit;

namespace OnBoard;

/// <summary>What drivers do and refuse, of rates and frames. All is read back from them.</summary>
public class SerialFrameTests
{
    [Theory]
    [InlineData(8, Parity.None, StopBits.Two)]
    [InlineData(7, Parity.Even, StopBits.One)]
    [InlineData(7, Parity.Odd, StopBits.Two)]
    [InlineData(8, Parity.Mark, StopBits.One)]
    [InlineData(8, Parity.Space, StopBits.One)]
    [InlineData(6, Parity.None, StopBits.One)]
    [InlineData(5, Parity.Even, StopBits.OnePointFive)]
    public void A_16550A_does_every_frame(int dataBits, Parity parity, StopBits stopBits) => SerialBench.RunOnHardware(SerialBench.Uart, async bench =>
    {
        SerialSettings settings = new() { BaudRate = 31_250, DataBits = dataBits, Parity = parity, StopBits = stopBits };
        using SerialPort port = SerialPort.Open(bench.Path, settings);
        await port.WriteAsync("\x05\x1A"u8.ToArray());
        byte[] back = new byte[2];
        await port.ReadExactlyAsync(back);
        Assert.Equal([5, 26], back);
    });

    [Theory]
    [InlineData(250_000)]
    [InlineData(3_000_000)]
    public void A_rate_that_a_16550A_does_not_do_is_refused(int baudRate) => SerialBench.RunOnHardware(SerialBench.Uart, bench =>
    {
        // A Pi's PL011 does them.
        Assert.SkipUnless(bench.Device.Driver == "serial", $"{bench.Path} is no 16550A of a PCI card.");
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(bench.Path, baudRate));
        Assert.Contains($"{bench.Path} does not do {baudRate} baud: the driver chose", error.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(31_250)]
    [InlineData(250_000)]
    [InlineData(1_234_567)]
    [InlineData(3_000_000)]
    public void An_adapter_does_any_rate(int baudRate) => SerialBench.RunOnHardware(SerialBench.Adapter, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path, baudRate);
        await port.WriteAsync("rate\n"u8.ToArray());
        Assert.Equal("rate", await port.ReadLineAsync());
    });

    [Fact]
    public void A_frame_that_the_driver_does_not_do_is_refused() => SerialBench.RunOnHardware(SerialBench.Adapter, bench =>
    {
        Assert.SkipUnless(bench.Device.Driver == "ftdi_sio", "This is of an FTDI chip.");
        IOException error = Assert.Throws<IOException>(() => SerialPort.Open(bench.Path, new SerialSettings { DataBits = 6 }));
        Assert.Contains("9600 6N1", error.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });
}
