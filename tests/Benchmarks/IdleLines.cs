using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using Sprig.Devices.Drivers;
using Sprig.IO;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>32 lines of the emulated board are watched, and nothing happens.</summary>
internal static class IdleLines
{
    /// <summary>The command line's word for the process that is measured.</summary>
    internal const string Subject = "lines32-subject";

    private const int Lines = 32;

    internal static Measurement Measure(string side) => Idle.Measure("lines32", Subject, side);

    /// <summary>What the measured process does: until it is killed.</summary>
    internal static void Watch(string side)
    {
        if (side == Workload.Default)
            WatchBy(new LibGpiodDriver(Edges.Chip));
        else
            CoroutineScheduler.Run(side == Workload.Sprig ? WatchOnSprig : WatchOnDriver);
    }

    private static async Task WatchOnSprig()
    {
        using GpioChip chip = GpioChip.OpenBoard()!;
        Coroutine[] watchers = [.. Enumerable.Range(0, Lines).Select(line => Coroutine.Spawn(async () =>
        {
            using GpioInput input = chip.OpenInput(line);
            await input.WaitForEdgeAsync();
        }))];
        await Coroutine.Yield();
        Console.WriteLine($"{Idle.Ready} {Lines}");
        await Coroutine.JoinAll(watchers);
    }

    private static async Task WatchOnDriver()
    {
        using GpioController controller = Register(new SprigGpioDriver());
        await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
    }

    private static void WatchBy(GpioDriver driver)
    {
        using GpioController controller = Register(driver);
        Thread.Sleep(Timeout.Infinite);
    }

    private static GpioController Register(GpioDriver driver)
    {
        GpioController controller = new(driver);
        for (int line = 0; line < Lines; line++)
        {
            controller.OpenPin(line, PinMode.Input);
            controller.RegisterCallbackForPinValueChangedEvent(line, PinEventTypes.Rising | PinEventTypes.Falling, static (_, _) => { });
        }

        Console.WriteLine($"{Idle.Ready} {Lines}");
        return controller;
    }
}
