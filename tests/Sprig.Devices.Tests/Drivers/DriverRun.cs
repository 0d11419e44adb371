using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Devices.Tests.Drivers;

/// <summary>A driver on a board in a run in virtual time, whose observer writes down.</summary>
internal sealed class DriverRun : SchedulerObserver
{
    private readonly TestClock _clock = new();

    internal SimulatedBoard Board { get; } = new();

    internal GpioController Controller { get; private set; } = null!;

    internal SprigGpioDriver Driver { get; private set; } = null!;

    internal List<string> Log { get; } = [];

    internal List<string> Reports { get; } = [];

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Runs a body with pin 6 open as an input.</summary>
    internal static DriverRun Run(Func<DriverRun, Task> body, SprigGpioDriverOptions? options = null, bool disposes = true)
    {
        DriverRun run = new();
        CoroutineScheduler.Run(
            async () =>
            {
                run.Driver = new SprigGpioDriver(run.Board, options: options);
                run.Controller = new GpioController(run.Driver);
                run.Controller.OpenPin(6, PinMode.Input);
                await body(run);
                if (disposes)
                    run.Controller.Dispose();
            },
            new SchedulerOptions { Clock = run._clock, Observer = run, ErrorOutput = TextWriter.Null });
        return run;
    }

    /// <summary>So many edges on pin 6, the first rising if it was low.</summary>
    internal void Edges(int count)
    {
        for (int i = 0; i < count; i++)
            Board.Drive(6, !Board[6]);
    }

    /// <summary>Records an event with its virtual time.</summary>
    internal void At(string what) => Log.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds} {what}"));

    public override void OnCallbackFailed(Coroutine? coroutine, Exception exception)
        => Reports.Add($"callback of {coroutine?.Name ?? "nobody"}: {exception.Message}");

    public override void OnUnobservedFailure(string name, string spawnedAt, Exception exception) => Reports.Add($"failure of {name}: {exception}");

    public override void OnStraggler(Coroutine coroutine) => Reports.Add($"straggler {coroutine.Name}");
}
