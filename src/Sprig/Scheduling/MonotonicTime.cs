using System.Diagnostics;

namespace Sprig.Scheduling;

/// <summary>A moment on CLOCK_MONOTONIC, to the nanosecond: the clock of the loop's timers, of <see cref="Stopwatch"/> and
/// of the kernel's GPIO edge stamps. On a <see cref="VirtualClock"/> it is that clock's moment.</summary>
/// <param name="Nanoseconds">Nanoseconds since the machine (or the virtual clock) started.</param>
public readonly record struct MonotonicTime(long Nanoseconds) : IComparable<MonotonicTime>
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Now, by the clock of the scheduler that runs on this thread; by the machine's where none runs.</summary>
    public static MonotonicTime Now => new(CoroutineScheduler.CurrentOrNull is { } scheduler ? scheduler.Now : Stopwatch.GetTimestamp());

    /// <summary>The moment <paramref name="span"/> later; the end of time where that overflows.</summary>
    public static MonotonicTime operator +(MonotonicTime time, TimeSpan span) => new(AddSaturated(time.Nanoseconds, span));

    /// <summary>The moment <paramref name="span"/> earlier.</summary>
    public static MonotonicTime operator -(MonotonicTime time, TimeSpan span) => time + -span;

    /// <summary>How long from <paramref name="right"/> to <paramref name="left"/>, in whole 100 ns.</summary>
    public static TimeSpan operator -(MonotonicTime left, MonotonicTime right)
        => new((left.Nanoseconds - right.Nanoseconds) / NanosecondsPerTick);

    /// <summary>Whether left comes before right.</summary>
    public static bool operator <(MonotonicTime left, MonotonicTime right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether left comes after right.</summary>
    public static bool operator >(MonotonicTime left, MonotonicTime right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether left comes before right or is it.</summary>
    public static bool operator <=(MonotonicTime left, MonotonicTime right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether left comes after right or is it.</summary>
    public static bool operator >=(MonotonicTime left, MonotonicTime right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary><see cref="op_Addition"/> for languages without operators.</summary>
    public MonotonicTime Add(TimeSpan span) => this + span;

    /// <summary>How long from <paramref name="earlier"/> to this.</summary>
    public TimeSpan Subtract(MonotonicTime earlier) => this - earlier;

    /// <inheritdoc/>
    public int CompareTo(MonotonicTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds with nine decimals, as the kernel's log prints it.</summary>
    public override string ToString()
        => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Nanoseconds / 1_000_000_000}.{Nanoseconds % 1_000_000_000:D9}");

    /// <summary>A timeout as the absolute time that the timers take: looked up now, never early, the end of time for
    /// <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    internal static long DueAfter(TimeSpan timeout, string parameter)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return long.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero, parameter);
        return AddSaturated(CoroutineScheduler.Current.Now, timeout);
    }

    internal static long ToNanoseconds(TimeSpan span)
        => span.Ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue : span.Ticks * NanosecondsPerTick;

    private static long AddSaturated(long nanoseconds, TimeSpan span)
    {
        Int128 sum = (Int128)nanoseconds + (Int128)span.Ticks * NanosecondsPerTick;
        return sum > long.MaxValue ? long.MaxValue : sum < long.MinValue ? long.MinValue : (long)sum;
    }
}
