using Sprig.Scheduling;

namespace Sprig.Testing;

/// <summary>Virtual time: when every coroutine is blocked, it jumps to the next deadline, so that an hour of blinking is
/// tested in milliseconds. Hand it to <see cref="SchedulerOptions.Clock"/>.</summary>
/// <remarks>As a <see cref="TimeProvider"/> it serves foreign code too: <c>Task.Delay(span, clock)</c> and its like fire in
/// virtual time. Not for several threads: move it on the loop thread, or before the run.</remarks>
public sealed class TestClock : VirtualClock
{
    /// <summary>A day after "boot", so that moments before the start are moments too.</summary>
    private const long StartNanoseconds = 86_400L * 1_000_000_000;

    private readonly PriorityQueue<TestTimer, (long Due, long Order)> _timers = new();
    private readonly DateTimeOffset _startUtc;
    private long _now = StartNanoseconds;
    private long _order;

    /// <summary>A clock that starts on 1 January 2000, or when you say.</summary>
    public TestClock(DateTimeOffset? start = null) => _startUtc = start ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How much virtual time has passed since the clock was made.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks((_now - StartNanoseconds) / 100);

    /// <summary>This moment, for comparing with ticks, edges and deadlines.</summary>
    public MonotonicTime Now => new(_now);

    /// <inheritdoc/>
    /// <remarks>10 ms unless set: enough for a pty or a loopback socket to deliver, which takes microseconds.</remarks>
    public override TimeSpan OutsidePatience => Patience;

    /// <summary>See <see cref="OutsidePatience"/>.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public override long NextDue
    {
        get
        {
            while (_timers.TryPeek(out TestTimer? timer, out var key))
            {
                if (timer.IsSetTo(key.Order))
                    return key.Due;
                _timers.Dequeue();
            }

            return long.MaxValue;
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Moves on by hand, as if a step had taken so long.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        AdvanceTo((Now + span).Nanoseconds);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timestamp, _now);
        while (_timers.TryPeek(out TestTimer? timer, out var key) && key.Due <= timestamp)
        {
            _timers.Dequeue();
            if (!timer.IsSetTo(key.Order))
                continue;
            _now = Math.Max(_now, key.Due);
            timer.Fire();
        }

        // A timer may have moved the clock on itself.
        _now = Math.Max(_now, timestamp);
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _startUtc + Elapsed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        TestTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private long Set(TestTimer timer, TimeSpan after)
    {
        long order = ++_order;
        _timers.Enqueue(timer, ((Now + after).Nanoseconds, order));
        return order;
    }

    /// <summary>A timer of this clock. Set anew it leaves its old place in the queue behind, void.</summary>
    private sealed class TestTimer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private long _order;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
                return false;
            _period = period;
            _order = dueTime == Timeout.InfiniteTimeSpan ? 0 : clock.Set(this, dueTime);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _order = 0;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        internal bool IsSetTo(long order) => _order == order;

        internal void Fire()
        {
            _order = _period > TimeSpan.Zero ? clock.Set(this, _period) : 0;
            callback(state);
        }
    }
}
