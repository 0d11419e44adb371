namespace Sprig.Supervision;

/// <content>Waiting for all, shutting down, killing.</content>
public sealed partial class CoroutinePool
{
    /// <summary>Waits until nobody runs or waits in the line; false when <paramref name="timeout"/> was over first.</summary>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <param name="raiseError">Throw the earliest failure since the call, as soon as it has happened.</param>
    /// <exception cref="InvalidOperationException">The caller runs in the pool, or the pool belongs to another scheduler.</exception>
    public Task<bool> JoinAsync(TimeSpan? timeout = null, bool raiseError = false)
    {
        Enter();
        return _members.JoinAsync(timeout, raiseError);
    }

    /// <summary>From now on nothing new is taken; what waits in the line gets its turn all the same.</summary>
    /// <param name="wait">Wait until all have ended.</param>
    /// <param name="cancelPending">Cancel what waits in the line: work is cancelled, spawns that wait throw.</param>
    /// <exception cref="InvalidOperationException">The caller runs in the pool and would wait for its own end, or the pool belongs to
    /// another scheduler. Nothing was done.</exception>
    public Task ShutdownAsync(bool wait = true, bool cancelPending = false)
    {
        Enter();
        if (wait)
            _members.ThrowIfMember();
        IsShutdown = true;
        if (cancelPending)
            DropLine();
        return wait ? _members.JoinAsync(null, raiseError: false) : Task.CompletedTask;
    }

    /// <summary>Kills all that run, and cancels all work in the line; then waits until they have ended. Whoever spawns meanwhile gets a
    /// killed coroutine. The pool may be used on.</summary>
    /// <param name="grace">How long the clean-up of each may take; the scheduler's unless given.</param>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <returns>False when <paramref name="timeout"/> was over first.</returns>
    /// <exception cref="InvalidOperationException">The pool belongs to another scheduler.</exception>
    public Task<bool> KillAsync(TimeSpan? grace = null, TimeSpan? timeout = null)
    {
        Enter();
        Task<bool> kill = _members.KillAsync(grace, timeout);
        // Bad input has killed nobody, and cancels nothing.
        if (!kill.IsFaulted)
        {
            foreach (PoolWork work in _line.OfType<PoolWork>().ToArray())
                work.Cancel();
        }

        return kill;
    }

    /// <summary><see cref="ShutdownAsync"/>, waiting for all.</summary>
    public ValueTask DisposeAsync() => new(ShutdownAsync());

    private void DropLine()
    {
        IPoolTurn[] dropped = [.. _line];
        _line.Clear();
        foreach (IPoolTurn turn in dropped)
            turn.OnDropped();
    }
}
