using Sprig.Cli.Demo.Reports;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>One LED: toggles it at each tick of a beat that does not drift.</summary>
internal sealed class Blinker(string name, GpioOutput led, TimeSpan period, ThreadTally threads)
{
    private readonly LatenessLog _lateness = new();

    internal string Name { get; } = name;

    internal int Line => led.Line;

    internal TimeSpan Period { get; } = period;

    internal bool IsLit => led.Level;

    internal long Toggles { get; private set; }

    /// <summary>The body of its coroutine.</summary>
    /// <param name="start">The first toggle comes a period after it.</param>
    internal async Task RunAsync(MonotonicTime start)
    {
        Ticker ticker = new(Period, start);
        while (true)
        {
            Tick tick = await ticker.NextAsync();
            led.Toggle();
            _lateness.Add(tick.Lateness);
            Toggles++;
            threads.Note();
        }
    }

    internal LedReport ToReport(TimeSpan length) => new(Name, Toggles, length.Ticks / Period.Ticks, _lateness.ToReport());
}
