namespace Sprig.Scheduling;

/// <summary>Coroutines that wait in line, first come first served: what locks, queues and events are made of. One that
/// leaves in the middle (killed, or out of time) leaves the others' order alone.</summary>
/// <remarks>Loop thread only. Neither waiting nor waking allocates.</remarks>
/// <param name="owner">What the waiters wait for; its <see cref="object.ToString"/> stands in deadlock reports.</param>
public sealed class WaitQueue(object owner)
{
    private Completion? _first;
    private Completion? _last;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Waits until woken.</summary>
    /// <exception cref="CoroutineKilledException">The coroutine was killed; it has left the line.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public ValueTask WaitAsync()
    {
        Completion wait = Completion.Begin(owner);
        wait.HangOn(this);
        return new ValueTask(wait, wait.Version);
    }

    /// <summary>Waits until woken or until <paramref name="timeout"/> is over; false when it was over first.</summary>
    /// <param name="timeout">Counted from now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <inheritdoc cref="WaitAsync()"/>
    public ValueTask<bool> WaitAsync(TimeSpan timeout) => WaitAsync(MonotonicTime.DueAfter(timeout, nameof(timeout)));

    internal ValueTask<bool> WaitAsync(long due)
    {
        Completion wait = Completion.Begin(owner);
        wait.HangOn(this);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return new ValueTask<bool>(wait, wait.Version);
    }

    /// <summary>Wakes the one that has waited longest; false when nobody waits. If it is killed, or its time is over, before
    /// it has run, the one after it is woken in its place.</summary>
    public bool WakeOne()
    {
        if (_first is null)
            return false;
        _first.Grant();
        return true;
    }

    /// <summary>Wakes all, in their order; says how many.</summary>
    public int WakeAll()
    {
        int count = Count;
        while (_first is not null)
            _first.Succeed();
        return count;
    }

    internal void Append(Completion wait)
    {
        wait.PreviousInQueue = _last;
        if (_last is null)
            _first = wait;
        else
            _last.NextInQueue = wait;
        _last = wait;
        Count++;
    }

    internal void Unlink(Completion wait)
    {
        if (wait.PreviousInQueue is null)
            _first = wait.NextInQueue;
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
