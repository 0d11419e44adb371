using System.Threading.Tasks.Sources;

namespace Sprig.Scheduling;

/// <summary>A beat that does not drift: its ticks are due at start + n x period, however long the work between them takes.
/// A coroutine that comes more than a period too late is told how many it has missed, and gets the latest one due.</summary>
/// <remarks>One coroutine at a time; no timer runs while nobody waits. Waiting allocates nothing.</remarks>
public sealed class Ticker : IValueTaskSource<Tick>
{
    private readonly long _start;
    private readonly long _period;
    private Completion? _wait;
    private long _index;
    private long _missed;

    /// <summary>A ticker whose first tick is due one period after <paramref name="start"/>.</summary>
    /// <param name="period">At least 1 microsecond.</param>
    /// <param name="start">Now unless given; a start in the past keeps its phase.</param>
    public Ticker(TimeSpan period, MonotonicTime? start = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromMicroseconds(1));
        Period = period;
        _period = MonotonicTime.ToNanoseconds(period);
        _start = (start ?? MonotonicTime.Now).Nanoseconds;
    }

    /// <summary>The time between two ticks.</summary>
    public TimeSpan Period { get; }

    /// <summary>How many ticks were missed so far.</summary>
    public long TotalMissed { get; private set; }

    /// <summary>Waits for the next tick.</summary>
    /// <exception cref="InvalidOperationException">A coroutine waits already.</exception>
    public ValueTask<Tick> NextAsync()
    {
        // One that has its tick but has not run yet waits still: its tick must not be given away.
        if (_wait is not null && _wait.Blocker == this)
            throw new InvalidOperationException("A coroutine waits for this ticker already; give each its own.");
        long next = _index + 1;
        long late = CoroutineScheduler.Current.Now - DueOf(next);
        long missed = late >= _period ? late / _period : 0;
        Completion wait = Completion.Begin(this);
        wait.HangOnTime(DueOf(next + missed));
        // A wait that throws takes no tick with it: the index moves in GetResult.
        _missed = missed;
        _wait = wait;
        return new ValueTask<Tick>(this, wait.Version);
    }

    /// <summary>"the next tick of a ticker", for reports.</summary>
    public override string ToString() => $"a tick (every {Period})";

    ValueTaskSourceStatus IValueTaskSource<Tick>.GetStatus(short token) => Wait.GetStatus(token);

    void IValueTaskSource<Tick>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => Wait.OnCompleted(continuation, state, token, flags);

    Tick IValueTaskSource<Tick>.GetResult(short token)
    {
        Completion wait = Wait;
        CoroutineScheduler scheduler = wait.Coroutine.Scheduler;
        wait.GetResult(token);
        _wait = null;
        _index += 1 + _missed;
        TotalMissed += _missed;
        MonotonicTime due = new(DueOf(_index));
        return new Tick(_index, due, new MonotonicTime(scheduler.Now) - due, _missed);
    }

    private Completion Wait => _wait ?? throw new InvalidOperationException("This tick was awaited before; each may be awaited once.");

    private long DueOf(long index)
    {
        Int128 due = _start + (Int128)index * _period;
        return due > long.MaxValue ? long.MaxValue : (long)due;
    }
}
