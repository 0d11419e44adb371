using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Cli.Gpio;

/// <summary><c>sprig gpio blink</c>: on and off, on time, and off at the end.</summary>
internal sealed class PinBlinking(TextWriter output, PinSource pins, string pin)
{
    private int _blinks;

    internal GpioOutputOptions Options { get; init; } = new();

    internal TimeSpan On { get; init; } = TimeSpan.FromSeconds(0.5);

    internal TimeSpan Off { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How often; zero: until Ctrl+C.</summary>
    internal int Count { get; init; }

    internal void Run(SchedulerOptions options) => CoroutineScheduler.Run(RunAsync, options);

    private async Task RunAsync()
    {
        (GpioOutput led, string name) = pins.OpenOutput(pin, Options);
        try
        {
            output.WriteLine($"{name}: {On.TotalSeconds} s on, {Off.TotalSeconds} s off; {(Count == 0 ? "Ctrl+C ends it" : $"{Count} times")}");
            await BlinkAsync(led);
        }
        finally
        {
            led.Dispose();
            output.WriteLine($"{name}: {_blinks} blinks; off");
        }
    }

    private async Task BlinkAsync(GpioOutput led)
    {
        // By the clock, not by sleeps in a row: those would add up what each is late.
        MonotonicTime next = MonotonicTime.Now;
        while (Count == 0 || _blinks < Count)
        {
            led.Write(true);
            await Coroutine.SleepUntil(next += On);
            led.Write(false);
            _blinks++;
            await Coroutine.SleepUntil(next += Off);
        }
    }
}
