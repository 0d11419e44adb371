namespace Sprig.Scheduling;

/// <summary>Time that the scheduler moves itself: when every coroutine is blocked, it jumps to the next deadline instead of
/// sleeping. Sprig.Testing's TestClock is one.</summary>
/// <remarks>Its <see cref="TimeProvider.GetTimestamp"/> counts nanoseconds; timers that it hands out as a TimeProvider are
/// its own affair, announced by <see cref="NextDue"/>.</remarks>
public abstract class VirtualClock : TimeProvider
{
    /// <inheritdoc/>
    public sealed override long TimestampFrequency => 1_000_000_000;

    /// <summary>The moment of this clock's earliest own timer, in nanoseconds; <see cref="long.MaxValue"/> when it has none.</summary>
    public abstract long NextDue { get; }

    /// <summary>How long, in real time, the scheduler waits for the outside (a descriptor, a foreign task) before it jumps
    /// although somebody waits for it. Without such a waiter it jumps at once.</summary>
    public abstract TimeSpan OutsidePatience { get; }

    /// <summary>Moves to <paramref name="timestamp"/> (nanoseconds, never back) and fires this clock's own timers due by then.</summary>
    public abstract void AdvanceTo(long timestamp);
}
