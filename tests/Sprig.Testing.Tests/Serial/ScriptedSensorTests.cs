using System.Text;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Testing.Tests.Serial;

public class ScriptedSensorTests
{
    [Fact]
    public void Lines_are_answered_by_lines_and_bytes_by_bytes() => Run(async (sensor, port, _) =>
    {
        int count = 0;
        sensor.WhenLine("T?", "21.5").WhenLine("N?", () => (++count).ToString()).When([0xFF, 1], [7, 8, 9]).When([0xFE], []);
        await port.WriteAsync("T?\r\nN?\nN?\r\n"u8.ToArray());
        Assert.Equal("21.5\r\n1\r\n2\r\n", Encoding.UTF8.GetString(await SerialRun.ReadAsync(port, 12)));
        await port.WriteAsync(new byte[] { 0xFE, 0xFF });
        await port.WriteAsync(new byte[] { 1 });
        Assert.Equal([7, 8, 9], await SerialRun.ReadAsync(port, 3));
        await SerialRun.UntilAsync(() => sensor.Answers == 5);
        Assert.Equal((5, 5, 0), (sensor.Requests, sensor.Answers, sensor.Unknown));
    });

    [Fact]
    public void What_it_does_not_know_is_counted_and_passed_over() => Run(async (sensor, port, _) =>
    {
        sensor.WhenLine("T?", "1");
        await port.WriteAsync("what\r\n\r\nT?x\nT?\n"u8.ToArray());
        Assert.Equal("1\r\n"u8.ToArray(), await SerialRun.ReadAsync(port, 3));
        Assert.Equal((1, 3), (sensor.Requests, sensor.Unknown));
    });

    [Fact]
    public void Bytes_that_it_does_not_know_are_one_unknown_in_a_row_and_hide_no_request() => Run(async (sensor, port, _) =>
    {
        sensor.When([1, 2, 3], [9]);
        await port.WriteAsync(new byte[] { 7, 7, 1, 2, 1, 2, 3, 8 });
        Assert.Equal([9], await SerialRun.ReadAsync(port, 1));
        await SerialRun.UntilAsync(() => sensor.Unknown == 2);
        Assert.Equal(1, sensor.Requests);
    });

    [Fact]
    public void It_is_silent_late_garbled_and_talks_unasked_as_ordered() => Run(async (sensor, port, clock) =>
    {
        sensor.When([1], [0x10, 0x20, 0x30], TimeSpan.FromSeconds(1));
        byte[] ask = [1];
        sensor.BeSilentFor(1);
        sensor.BeLateFor(1, TimeSpan.FromSeconds(5));
        sensor.GarbleFor(1);
        await port.WriteAsync(ask);
        await port.WriteAsync(ask);
        Assert.Equal([0x10, 0x21, 0x30], await SerialRun.ReadAsync(port, 3));
        Assert.Equal(TimeSpan.FromSeconds(6), clock.Elapsed);
        sensor.Delay = TimeSpan.FromSeconds(2);
        sensor.GarbleFor(1, answer => answer[..1]);
        await port.WriteAsync(ask);
        await port.WriteAsync(ask);
        Assert.Equal([0x10, 0x10, 0x20, 0x30], await SerialRun.ReadAsync(port, 4));
        Assert.Equal(TimeSpan.FromSeconds(12), clock.Elapsed);
        await sensor.SendAsync(new byte[] { 5 });
        await sensor.SendLineAsync("up");
        Assert.Equal("\u0005up\r\n"u8.ToArray(), await SerialRun.ReadAsync(port, 5));
        sensor.IsGarbling = true;
        await port.WriteAsync(ask);
        Assert.Equal([0x10, 0x21, 0x30], await SerialRun.ReadAsync(port, 3));
        sensor.IsSilent = true;
        await port.WriteAsync(ask);
        await SerialRun.UntilAsync(() => sensor.Requests == 6);
        Assert.Equal(4, sensor.Answers);
    });

    [Fact]
    public void Its_script_is_checked()
    {
        ScriptedSensor sensor = new(Stream.Null);
        Assert.Throws<ArgumentException>(() => sensor.When([], [1]));
        Assert.Throws<ArgumentNullException>(() => sensor.WhenLine("x", (string)null!).WhenLine(null!, "y"));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.BeSilentFor(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensor.BeLateFor(1, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentNullException>(() => new ScriptedSensor(null!));
    }

    [Fact]
    public void It_goes_on_after_its_device_was_unplugged_and_ends_with_it() => SerialRun.Run(async () =>
    {
        using VirtualSerial device = new();
        ScriptedSensor sensor = new ScriptedSensor(device).WhenLine("T?", "1");
        Coroutine running = Coroutine.Spawn(sensor.RunAsync);
        for (int i = 0; i < 2; i++)
        {
            using SerialPort port = SerialPort.Open(device.DevicePath);
            await port.WriteAsync("T?\n"u8.ToArray());
            Assert.Equal("1\r\n"u8.ToArray(), await SerialRun.ReadAsync(port, 3));
            device.Unplug();
            await Coroutine.Yield();
            device.Plug();
        }

        device.Dispose();
        await running;
        Assert.Equal(2, sensor.Answers);
    });

    private static void Run(Func<ScriptedSensor, SerialPort, TestClock, Task> test)
    {
        TestClock clock = new() { Patience = TimeSpan.FromMilliseconds(100) };
        CoroutineScheduler.Run(
            async () =>
            {
                using VirtualSerial device = new();
                using SerialPort port = SerialPort.Open(device.DevicePath);
                ScriptedSensor sensor = new(device);
                _ = Coroutine.Spawn(sensor.RunAsync, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
                await test(sensor, port, clock);
            },
            new SchedulerOptions { Clock = clock, HandleSignals = false });
    }
}
