using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>The control lines, as drivers have them.</summary>
public class SerialModemTests
{
    private const ModemLines Ours = ModemLines.Dtr | ModemLines.Rts;

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void Our_lines_are_set_each_for_itself(string where) => SerialBench.RunOnHardware(where, bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path);
        foreach (ModemLines wanted in (ModemLines[])[ModemLines.Dtr, ModemLines.Rts, Ours, ModemLines.None, Ours])
        {
            port.DtrEnable = (wanted & ModemLines.Dtr) != 0;
            port.RtsEnable = (wanted & ModemLines.Rts) != 0;
            Assert.Equal(wanted, port.Lines & Ours);
            Assert.Equal((wanted & ModemLines.Dtr) != 0, port.DtrEnable);
            Assert.Equal((wanted & ModemLines.Rts) != 0, port.RtsEnable);
        }

        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void What_the_other_end_drives_is_seen(string where) => SerialBench.RunOnHardware(where, bench =>
    {
        SkipUnlessEmulated(bench);
        using SerialPort port = SerialPort.Open(bench.Path);
        Assert.True(port.CtsHolding);
        Assert.True(port.DsrHolding);
        Assert.True(port.CDHolding);
        Assert.False(port.RingHolding);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Closing_drops_the_lines_only_if_that_was_asked_for(bool hangsUp) => SerialBench.RunOnHardware(SerialBench.Uart, bench =>
    {
        SkipUnlessEmulated(bench);
        using (SerialPort port = SerialPort.Open(bench.Path, new SerialSettings { HangUpOnClose = hangsUp, DtrEnable = true, RtsEnable = true }))
            Assert.Equal(["DTR", "RTS"], LinesByTheKernel());
        Assert.Equal(hangsUp ? [] : (string[])["DTR", "RTS"], LinesByTheKernel());
        return Task.CompletedTask;
    });

    /// <summary>The adapter tells its lines with the first bytes after it was plugged in: until then they are down to the driver.</summary>
    [Fact]
    public void A_change_is_waited_for() => SerialBench.RunOnHardware(SerialBench.Adapter, async bench =>
    {
        SkipUnlessEmulated(bench);
        await bench.PlugAnew();
        using SerialPort port = SerialPort.Open(bench.Path);
        List<SerialPinChange> told = [];
        port.PinChanged += (_, change) => told.Add(change.EventType);
        Coroutine<ModemChange> waiter = Coroutine.Spawn(async () => await port.WaitForModemChangeAsync(ModemLines.Cts));
        await Coroutine.Yield();
        await port.WriteLineAsync("come");
        Assert.Equal("come", await port.ReadLineAsync());
        ModemChange change = await waiter;
        Assert.Equal(ModemLines.Cts, change.Changed);
        Assert.Equal(ModemLines.Inputs & ~ModemLines.Ring, change.Lines & ModemLines.Inputs);
        while (told.Count < 3)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.Equal([SerialPinChange.CtsChanged, SerialPinChange.DsrChanged, SerialPinChange.CDChanged], told.Order());
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void Closing_ends_a_wait_for_a_change(string where) => SerialBench.RunOnHardware(where, async bench =>
    {
        SerialPort port = SerialPort.Open(bench.Path);
        Coroutine waiter = await WaitForChange(port);
        port.Close();
        await waiter.JoinAsync();
        Assert.IsType<ObjectDisposedException>(waiter.Exception);
        // Its thread has let go of the device: it can be had again.
        using SerialPort again = SerialPort.Open(bench.Path);
    });

    [Theory]
    [InlineData(SerialBench.Uart)]
    [InlineData(SerialBench.Adapter)]
    public void A_wait_that_is_killed_leaves_the_port_usable(string where) => SerialBench.RunOnHardware(where, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path, 115_200);
        for (int i = 0; i < 3; i++)
        {
            Coroutine waiter = await WaitForChange(port);
            waiter.Kill();
            await waiter.JoinAsync();
            await port.WriteLineAsync("on");
            Assert.Equal("on", await port.ReadLineAsync());
        }
    });

    [Fact]
    public void A_wait_for_a_change_ends_when_the_adapter_is_pulled_out() => SerialBench.RunOnHardware(SerialBench.Adapter, async bench =>
    {
        using SerialPort port = SerialPort.Open(bench.Path);
        Coroutine waiter = await WaitForChange(port);
        Action plugIn = await bench.Unplug();
        await waiter.JoinAsync();
        Assert.Contains(bench.Path, Assert.IsAssignableFrom<IOException>(waiter.Exception).Message, StringComparison.Ordinal);
        plugIn();
        await SerialDevices.WaitForAsync(bench.Path);
    });

    // It waits so long that its thread sleeps in the kernel.
    private static async Task<Coroutine> WaitForChange(SerialPort port)
    {
        Coroutine waiter = Coroutine.Spawn(async () => await port.WaitForModemChangeAsync(ModemLines.Ring));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        Assert.True(waiter.IsAlive);
        return waiter;
    }

    // "0: uart:16550A port:000010A0 irq:16 tx:4 rx:5 RTS|CTS|DTR|DSR|CD": what is up of ours.
    private static string[] LinesByTheKernel()
        => [.. File.ReadLines("/proc/tty/driver/serial").First(line => line.StartsWith("0:", StringComparison.Ordinal))
            .Split([' ', '|']).Where(word => word is "DTR" or "RTS").Order()];

    private static void SkipUnlessEmulated(SerialBench bench)
        => Assert.SkipUnless(bench.IsEmulated, $"What is wired to {bench.Path} is not known here.");
}
