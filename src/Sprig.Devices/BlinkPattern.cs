using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>On and off by the clock, with fades between where they take time.</summary>
internal sealed class BlinkPattern
{
    /// <summary>Between two steps of a fade: 50 a second look smooth.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _on;
    private readonly TimeSpan _off;
    private readonly TimeSpan _fadeIn;
    private readonly TimeSpan _fadeOut;
    private readonly int? _count;

    internal BlinkPattern(TimeSpan on, TimeSpan off, int? count, TimeSpan fadeIn = default, TimeSpan fadeOut = default)
    {
        foreach (TimeSpan one in (ReadOnlySpan<TimeSpan>)[on, off, fadeIn, fadeOut])
            ArgumentOutOfRangeException.ThrowIfLessThan(one, TimeSpan.Zero, "time");
        if (on + off + fadeIn + fadeOut == TimeSpan.Zero)
            throw new ArgumentException("On, off and the fades take no time at all; a blink would never let anybody else run.");
        if (count is { } times)
            ArgumentOutOfRangeException.ThrowIfLessThan(times, 1, nameof(count));
        (_on, _off, _fadeIn, _fadeOut, _count) = (on, off, fadeIn, fadeOut, count);
    }

    /// <summary>Drives it: between 0 and 1, each change at its absolute time.</summary>
    internal async Task RunAsync(OutputWork work, Action<double> write)
    {
        MonotonicTime due = MonotonicTime.Now;
        for (int i = 0; i != _count; i = _count is null ? 0 : i + 1)
        {
            due = await FadeAsync(work, write, 0, 1, _fadeIn, due);
            await work.SleepUntilAsync(due = OutputWork.Next(due, _on));
            due = await FadeAsync(work, write, 1, 0, _fadeOut, due);
            await work.SleepUntilAsync(due = OutputWork.Next(due, _off));
        }
    }

    /// <summary>From one value to another in steps of 20 ms, exactly there at the end; at once where it takes no time.</summary>
    /// <returns>When it was due to be there.</returns>
    internal static async ValueTask<MonotonicTime> FadeAsync(
        OutputWork work, Action<double> write, double from, double to, TimeSpan length, MonotonicTime start)
    {
        if (length == TimeSpan.Zero)
        {
            write(to);
            return start;
        }

        long steps = Math.Max(1, length.Ticks / Step.Ticks);
        for (long i = 1; i <= steps; i++)
        {
            await work.SleepUntilAsync(start + length * ((double)i / steps));
            // Late by whole steps it goes on with the one that is due now.
            long due = (long)((MonotonicTime.Now - start) / length * steps);
            i = Math.Clamp(due, i, steps);
            // By rounding it might come out beyond the end.
            write(i == steps ? to : from + (to - from) * i / steps);
        }

        return start + length;
    }
}
