namespace Sprig.Scheduling;

/// <summary>One tick of a <see cref="Ticker"/>.</summary>
/// <param name="Index">Which one: 1 is the first, a period after the start. Missed ones are counted too.</param>
/// <param name="Due">When it was due, exactly: start + Index x period.</param>
/// <param name="Lateness">How long after that the coroutine got it; never negative.</param>
/// <param name="Missed">How many ticks before it were skipped because the coroutine came too late for them.</param>
public readonly record struct Tick(long Index, MonotonicTime Due, TimeSpan Lateness, long Missed);
