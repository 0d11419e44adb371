namespace Sprig.Scheduling;

/// <summary>Coroutines that wait in line, first come first served: what locks, queues and events are made of. One that
/// leaves in the middle (killed, or out of time) leaves the others' order alone.</summary>
/// <remarks>Loop thread only. Neither waiting nor waking allocates.</remarks>
/// <param name="owner">What the waiters wait for; its <see cref="object.ToString"/> stands in deadlock reports.</param>
public sealed class WaitQueue(object owner)
{
    private Completion? _last;
    private Home _home;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    internal Completion? First { get; private set; }

    /// <summary>How often somebody had to wait here.</summary>
    internal long TotalWaits { get; private set; }

    /// <summary>Waits until woken.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CoroutineKilledException">The coroutine was killed; it has left the line.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        Completion wait = Begin(cancellationToken);
        return new ValueTask(wait, wait.Version);
    }

    /// <summary>Waits until woken or until <paramref name="timeout"/> is over; false when it was over first.</summary>
    /// <param name="timeout">Counted from now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Enter();
        return WaitAsync(MonotonicTime.DueAfter(timeout, nameof(timeout)), cancellationToken);
    }

    /// <summary>Wakes the one that has waited longest; false when nobody waits. If it is killed, or its time is over, before
    /// it has run, the one after it is woken in its place.</summary>
    public bool WakeOne()
    {
        Check();
        if (First is null)
            return false;
        First.Grant();
        return true;
    }

    /// <summary>Wakes all, in their order; says how many.</summary>
    public int WakeAll()
    {
        Check();
        int count = Count;
        while (First is not null)
            First.Succeed();
        return count;
    }

    /// <summary>The scheduler of this thread, for a call that may wait here.</summary>
    internal CoroutineScheduler Enter() => _home.Enter(owner);

    /// <summary>For a call that never waits: this thread is the right one.</summary>
    internal void Check() => _home.Check(owner);

    /// <summary>Begins a wait of the running coroutine, at the end of the line.</summary>
    internal Completion Begin(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = Enter();
        Completion wait = Completion.Begin(scheduler, scheduler.RunningOrThrow, owner);
        wait.HangOn(this);
        wait.HangOnToken(cancellationToken);
        return wait;
    }

    internal ValueTask<bool> WaitAsync(long due, CancellationToken cancellationToken = default)
    {
        Completion wait = Begin(cancellationToken);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return new ValueTask<bool>(wait, wait.Version);
    }

    internal void TakeBack(Completion wait)
    {
        if (owner is IGrantor grantor)
            grantor.TakeBack(wait);
        else
            WakeOne();
    }

    internal void OnWaiterLeft() => (owner as IGrantor)?.OnWaiterLeft();

    internal void Append(Completion wait)
    {
        TotalWaits++;
        wait.PreviousInQueue = _last;
        if (_last is null)
            First = wait;
        else
            _last.NextInQueue = wait;
        _last = wait;
        Count++;
    }

    internal void Unlink(Completion wait)
    {
        if (wait.PreviousInQueue is null)
            First = wait.NextInQueue;
        else
            wait.PreviousInQueue.NextInQueue = wait.NextInQueue;
        if (wait.NextInQueue is null)
            _last = wait.PreviousInQueue;
        else
            wait.NextInQueue.PreviousInQueue = wait.PreviousInQueue;
        wait.NextInQueue = wait.PreviousInQueue = null;
        Count--;
    }
}
