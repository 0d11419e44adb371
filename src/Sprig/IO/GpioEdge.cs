using System.Text;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>One change of an input line, as the kernel saw it.</summary>
/// <param name="Line">The line's offset in its chip.</param>
/// <param name="IsRising">Whether it went from low to high (from inactive to active).</param>
/// <param name="Timestamp">When, taken in the interrupt: comparable to <see cref="MonotonicTime.Now"/>.</param>
/// <param name="Sequence">Counts this line's edges from 1; a gap is a lost edge.</param>
public readonly record struct GpioEdge(int Line, bool IsRising, MonotonicTime Timestamp, uint Sequence)
{
    /// <summary>When, taken in the interrupt: comparable to <see cref="MonotonicTime.Now"/>.</summary>
    /// <exception cref="InvalidOperationException">The line's edges are stamped by another <see cref="Clock"/>.</exception>
    public MonotonicTime Timestamp
    {
        get => Clock == GpioClock.Monotonic ? new MonotonicTime(Nanoseconds) : throw OtherClock(nameof(WallTime));
        init => Nanoseconds = value.Nanoseconds;
    }

    /// <summary>When, by the wall clock, in whole 100 ns.</summary>
    /// <exception cref="InvalidOperationException">The line's edges are stamped by another <see cref="Clock"/>.</exception>
    public DateTimeOffset WallTime
        => Clock == GpioClock.Realtime ? DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / 100) : throw OtherClock(nameof(Timestamp));

    /// <summary>The clock that stamped it: the line's setting.</summary>
    public GpioClock Clock { get; init; }

    /// <summary>The stamp as it is, in nanoseconds of <see cref="Clock"/>.</summary>
    public long Nanoseconds { get; init; } = Timestamp.Nanoseconds;

    // The form that the compiler makes would ask both times, and one of them throws.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Line = {Line}, IsRising = {IsRising}, Sequence = {Sequence}, ");
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Clock} = {new MonotonicTime(Nanoseconds)}");
        return true;
    }

    private InvalidOperationException OtherClock(string other)
        => new($"Line {Line} stamps its edges by the clock {Clock}: ask {(Clock == GpioClock.Hardware ? nameof(Nanoseconds) : other)}.");
}
