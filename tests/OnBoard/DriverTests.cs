using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>System.Device.Gpio's controller on Sprig's driver: on the loop, from other threads, and with no loop at all.</summary>
public class DriverTests
{
    [Fact]
    public void Pins_are_written_and_read() => Bench.Run(bench =>
    {
        using GpioController controller = new(new SprigGpioDriver(bench.Chip, ownsChip: false));
        controller.OpenPin(17, PinMode.Output, PinValue.High);
        Assert.True(bench.Measure(17));
        controller.Toggle(17);
        Assert.False(bench.Measure(17));
        controller.OpenPin(4, PinMode.InputPullUp);
        Assert.Equal(PinValue.High, controller.Read(4));
        controller.SetPinMode(4, PinMode.Output);
        controller.Write([new PinValuePair(4, PinValue.High), new PinValuePair(17, PinValue.High)]);
        Assert.True(bench.Measure(4) && bench.Measure(17));
        return Task.CompletedTask;
    });

    [Fact]
    public void Callbacks_run_on_the_loop_in_order_each_with_its_kind() => Bench.Run(async bench =>
    {
        using GpioController controller = new(new SprigGpioDriver(bench.Chip, ownsChip: false));
        controller.OpenPin(17, PinMode.Input);
        List<PinEventTypes> got = [];
        HashSet<int> threads = [];
        controller.RegisterCallbackForPinValueChangedEvent(17, PinEventTypes.Rising | PinEventTypes.Falling, (_, change) =>
        {
            got.Add(change.ChangeType);
            threads.Add(Environment.CurrentManagedThreadId);
        });
        int own = Environment.CurrentManagedThreadId;
        for (int i = 0; i < 100; i++)
        {
            bench.Pull(17, i % 2 == 0);
            await Coroutine.Yield();
        }

        while (got.Count < 100)
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? PinEventTypes.Rising : PinEventTypes.Falling), got);
        Assert.Equal([own], threads);
    });

    [Fact]
    public void A_wait_for_an_event_is_a_wait_of_the_loop() => Bench.Run(async bench =>
    {
        using GpioController controller = new(new SprigGpioDriver(bench.Chip, ownsChip: false));
        controller.OpenPin(17, PinMode.Input);
        Coroutine<WaitForEventResult> waiter = Coroutine.Spawn(async () => await controller.WaitForEventAsync(17, PinEventTypes.Falling, TimeSpan.FromSeconds(20)));
        await Coroutine.Yield();
        bench.Pull(17, true);
        bench.Pull(17, false);
        Assert.Equal(PinEventTypes.Falling, (await waiter).EventTypes);
    });

    [Fact]
    public void Another_thread_may_wait_while_a_callback_is_registered() => Bench.Run(async bench =>
    {
        using GpioController controller = new(new SprigGpioDriver(bench.Chip, ownsChip: false));
        controller.OpenPin(17, PinMode.Input);
        int calls = 0;
        controller.RegisterCallbackForPinValueChangedEvent(17, PinEventTypes.Rising, (_, _) => calls++);
        WaitForEventResult result = default;
        using ManualResetEventSlim begun = new();
        Thread thread = new(() =>
        {
            begun.Set();
            result = controller.WaitForEvent(17, PinEventTypes.Rising, TimeSpan.FromSeconds(20));
        });
        using IDisposable expectation = CoroutineScheduler.Current.ExpectPosts();
        thread.Start();
        begun.Wait();
        // It waits at some time from now on: pulled until it has seen it.
        for (bool high = true; thread.IsAlive; high = !high)
        {
            bench.Pull(17, high);
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(PinEventTypes.Rising, result.EventTypes);
        Assert.True(calls > 0);
    });

    [Fact]
    public void With_no_scheduler_at_all_one_thread_serves_all_pins()
    {
        using Bench bench = Bench.Create();
        using GpioController controller = new(new SprigGpioDriver(bench.Chip, ownsChip: false));
        using CountdownEvent called = new(4);
        foreach (int pin in (int[])[4, 5, 6, 17])
        {
            controller.OpenPin(pin, PinMode.Input);
            controller.RegisterCallbackForPinValueChangedEvent(pin, PinEventTypes.Rising, (_, _) => called.Signal());
        }

        foreach (int pin in (int[])[4, 5, 6, 17])
            bench.Pull(pin, true);
        Assert.True(called.Wait(TimeSpan.FromSeconds(20)));
        string[] names = [.. Directory.GetDirectories("/proc/self/task").Select(task => File.ReadAllText(Path.Combine(task, "comm")).Trim())];
        Assert.Single(names, "sprig-gpio");
    }

    [Fact]
    public void Pins_that_are_taken_together_have_handlers_and_waits_each_of_its_own() => Bench.Run(async bench =>
    {
        SprigGpioDriver driver = new(bench.Chip, ownsChip: false, new SprigGpioDriverOptions { Together = [[4, 5, 6, 17]] });
        using (GpioController controller = new(driver))
        {
            List<(int, PinEventTypes)> got = [];
            foreach (int pin in (int[])[4, 5])
            {
                controller.OpenPin(pin, PinMode.Input);
                controller.RegisterCallbackForPinValueChangedEvent(
                    pin, PinEventTypes.Rising | PinEventTypes.Falling, (_, change) => got.Add((change.PinNumber, change.ChangeType)));
            }

            controller.OpenPin(6, PinMode.Output, PinValue.High);
            controller.OpenPin(17, PinMode.Output, PinValue.Low);
            Coroutine<WaitForEventResult> waiter = Coroutine.Spawn(async () => await controller.WaitForEventAsync(5, PinEventTypes.Falling, CancellationToken.None));
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            bench.Pull(4, true);
            bench.Pull(5, true);
            controller.Write([new PinValuePair(6, PinValue.Low), new PinValuePair(17, PinValue.High)]);
            bench.Pull(5, false);
            Assert.Equal(PinEventTypes.Falling, (await waiter).EventTypes);
            while (got.Count < 3)
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
            Assert.Equal([(4, PinEventTypes.Rising), (5, PinEventTypes.Rising), (5, PinEventTypes.Falling)], got);
            Assert.Equal((false, true), (bench.Measure(6), bench.Measure(17)));
            controller.ClosePin(17);
            Assert.False(bench.Measure(17));
            Assert.Equal(0, driver.LostEdges);
        }

        Assert.All((int[])[4, 5, 6, 17], line => Assert.False(bench.Chip.GetLineInfo(line).IsUsed));
    });
}
