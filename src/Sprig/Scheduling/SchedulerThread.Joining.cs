namespace Sprig.Scheduling;

/// <content>Waiting for its end, and its failure.</content>
public sealed partial class SchedulerThread
{
    private readonly List<Joiner> _joiners = [];
    private FailureRecord.Sentinel? _unseen;

    /// <summary>Blocks this thread until the run and the thread have ended; false when <paramref name="timeout"/> was over
    /// first. For threads without a scheduler: in a coroutine use <see cref="JoinAsync"/>.</summary>
    /// <param name="timeout">How long to wait; without end unless given.</param>
    /// <exception cref="InvalidOperationException">A scheduler runs on this thread: all of it would stand still.</exception>
    /// <exception cref="CoroutineKilledException">The run was killed. Its other errors are thrown as they are, to each who joins:
    /// those of <see cref="CoroutineScheduler.Run(Func{Task}, SchedulerOptions?, string, int)"/>.</exception>
    public bool Join(TimeSpan? timeout = null)
    {
        if (CoroutineScheduler.CurrentOrNull is not null)
            throw new InvalidOperationException($"Join would block the scheduler of this thread until {this} has ended; await JoinAsync instead.");
        if (!_thread.Join(Checked(timeout)))
            return false;
        ThrowIfFailed();
        return true;
    }

    /// <summary>Waits until the run has ended; false when <paramref name="timeout"/> was over first. In a coroutine of another
    /// scheduler a wait of its loop, which obeys kills and deadlines; elsewhere an ordinary task.</summary>
    /// <param name="timeout">How long to wait, from now, by the clock of the waiter; without end unless given.</param>
    /// <exception cref="InvalidOperationException">It is this very scheduler: it would wait for itself.</exception>
    /// <inheritdoc cref="Join"/>
    public ValueTask<bool> JoinAsync(TimeSpan? timeout = null)
    {
        CoroutineScheduler? here = CoroutineScheduler.CurrentOrNull;
        if (here == _scheduler)
            throw new InvalidOperationException($"{Coroutine.Current} runs on {this} and can't wait for its end: it would wait for itself.");
        return JoinFromAsync(here, Checked(timeout));
    }

    private static TimeSpan Checked(TimeSpan? timeout)
    {
        // Longer than a thread can wait is for ever.
        if (timeout is not { TotalMilliseconds: <= int.MaxValue } time)
            return Timeout.InfiniteTimeSpan;
        if (time != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
        return time;
    }

    private async ValueTask<bool> JoinFromAsync(CoroutineScheduler? here, TimeSpan timeout)
    {
        if (IsAlive && !await (here is null ? WaitAsTaskAsync(timeout) : WaitInLoopAsync(here, timeout)))
            return false;
        ThrowIfFailed();
        return true;
    }

    private async Task<bool> WaitAsTaskAsync(TimeSpan timeout)
    {
        try
        {
            await _ended.Task.WaitAsync(timeout);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> WaitInLoopAsync(CoroutineScheduler scheduler, TimeSpan timeout)
    {
        Joiner joiner = new(scheduler, new WaitQueue($"the end of {this}"));
        // No deadlock: its end will be posted.
        using IDisposable expectation = scheduler.ExpectPosts();
        lock (_gate)
            _joiners.Add(joiner);
        try
        {
            // The end may have come before it was added; a post that is there already runs when it waits.
            if (!IsAlive)
                return true;
            return await joiner.Line.WaitAsync(timeout) || !IsAlive;
        }
        finally
        {
            lock (_gate)
                _joiners.Remove(joiner);
        }
    }

    private void WakeJoiners()
    {
        lock (_gate)
        {
            foreach (Joiner joiner in _joiners)
                joiner.Scheduler.Inbox.Post(null, (Action)(() => joiner.Line.WakeAll()), null);
        }
    }

    private void KeepFailure(Exception failure) => _unseen = new ThreadFailures(_options.Scheduler).Add(this, failure);

    private void ThrowIfFailed()
    {
        _unseen?.Dispose();
        _error?.Throw();
    }

    private sealed record Joiner(CoroutineScheduler Scheduler, WaitQueue Line);
}
