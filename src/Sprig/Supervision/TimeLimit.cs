using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>A timeout that several waits share: looked up when it is made.</summary>
internal readonly struct TimeLimit
{
    private readonly MonotonicTime? _due;

    /// <param name="timeout">From now; without end when null or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    internal TimeLimit(TimeSpan? timeout)
    {
        if (timeout is not { } span || span == Timeout.InfiniteTimeSpan)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero, nameof(timeout));
        _due = MonotonicTime.Now + span;
    }

    internal bool IsEndless => _due is null;

    /// <summary>What is left of it: zero when it is over.</summary>
    internal TimeSpan Left
    {
        get
        {
            if (_due is not { } due)
                return Timeout.InfiniteTimeSpan;
            TimeSpan left = due - MonotonicTime.Now;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
