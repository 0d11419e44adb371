using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>An adapter that is pulled out of its USB socket, and put in again.</summary>
public class SerialPlugTests
{
    [Fact]
    public void It_is_told_what_an_adapter_is() => SerialBench.RunOnHardware(SerialBench.Adapter, bench =>
    {
        SerialDevice device = bench.Device;
        Assert.Contains(bench.Path, (string?[])[device.Path, device.ById, device.ByPath, .. device.Aliases]);
        Assert.Contains(device.StableName, SerialDevices.List());
        Assert.NotNull(device.Driver);
        Assert.NotNull(device.UsbVendorId);
        Assert.NotNull(device.UsbProductId);
        Assert.False(device.IsConsole);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_reader_of_an_adapter_that_is_pulled_out_is_told_and_the_next_one_is_waited_for() => SerialBench.RunOnHardware(SerialBench.Adapter, async bench =>
    {
        for (int round = 0; round < 3; round++)
        {
            using SerialPort port = SerialPort.Open(bench.Path, 115_200);
            await port.WriteAsync("there\n"u8.ToArray());
            Assert.Equal("there", await port.ReadLineAsync());
            Coroutine<string?> reader = Coroutine.Spawn(async () => await port.ReadLineAsync());
            await Coroutine.Yield();
            Action plugIn = await bench.Unplug();
            await reader.JoinAsync();
            Assert.Contains(bench.Path, Assert.IsAssignableFrom<IOException>(reader.Exception).Message, StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<IOException>(async () => await port.WriteAsync("gone\n"u8.ToArray()));
            Coroutine arrival = Coroutine.Spawn(async () => await SerialDevices.WaitForAsync(bench.Path));
            await Coroutine.Yield();
            plugIn();
            await arrival;
        }
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_same_handle_goes_on_when_the_adapter_is_back(bool byStableName) => SerialBench.RunOnHardware(SerialBench.Adapter, async bench =>
    {
        // Nothing else is plugged in: it gets the same number again.
        string path = byStableName ? bench.Path : bench.Device.Path;
        SerialSettings settings = new() { BaudRate = 250_000, Parity = Parity.Even, LowLatency = true, RtsEnable = false, Reopen = ReopenPolicy.Default };
        using SerialPort port = SerialPort.Open(path, settings);
        for (int round = 0; round < 3; round++)
        {
            Coroutine<string?> reader = Coroutine.Spawn(async () => await port.ReadLineAsync());
            await Coroutine.Yield();
            Action plugIn = await bench.Unplug();
            while (port.IsConnected)
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            Assert.True(reader.IsAlive);
            plugIn();
            Assert.Equal(round + 1, await port.WaitForReopenAsync(round));
            await port.WriteLineAsync("on it goes");
            Assert.Equal("on it goes", await reader);
            Assert.Equal(settings, port.Settings);
            Assert.False(port.RtsEnable);
        }
    });
}
