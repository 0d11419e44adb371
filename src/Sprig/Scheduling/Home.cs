namespace Sprig.Scheduling;

/// <summary>The run that an object of the loop belongs to: the first in which it is used, until that run has ended. What holds
/// no lock must not be used from two threads.</summary>
internal struct Home
{
    private CoroutineScheduler? _scheduler;

    /// <summary>For what may wait: the scheduler of this thread, on which a coroutine runs.</summary>
    /// <param name="resident">What lives here; named in errors.</param>
    /// <exception cref="InvalidOperationException">No scheduler, or no coroutine, runs here, or the resident belongs to another's
    /// run.</exception>
    internal CoroutineScheduler Enter(object resident)
    {
        CoroutineScheduler scheduler = EnterLoop(resident);
        return scheduler.Running is not null ? scheduler : throw InCallback(resident);
    }

    /// <summary>For what needs a scheduler, but never waits: callbacks of the loop may do it too.</summary>
    /// <inheritdoc cref="Enter"/>
    internal CoroutineScheduler EnterLoop(object resident)
    {
        CoroutineScheduler scheduler = CoroutineScheduler.CurrentOrNull ?? throw Outside(resident);
        if (scheduler != _scheduler)
            Move(scheduler, resident);
        return scheduler;
    }

    /// <summary>For what never waits: allowed outside of a run too (a queue is filled before it), but not beside one.</summary>
    /// <inheritdoc cref="Enter"/>
    internal void Check(object resident)
    {
        CoroutineScheduler? scheduler = CoroutineScheduler.CurrentOrNull;
        if (scheduler != _scheduler)
            Move(scheduler, resident);
    }

    private void Move(CoroutineScheduler? scheduler, object resident)
    {
        if (_scheduler is { HasEnded: false })
        {
            throw new InvalidOperationException($"{resident} belongs to the scheduler of another thread; it can't be used on thread "
                + $"{Environment.CurrentManagedThreadId}. Give each scheduler its own, and reach another by a Mailbox, a channel or its Post.");
        }

        _scheduler = scheduler;
    }

    private static InvalidOperationException InCallback(object resident)
        => new($"No coroutine is running that could wait for {resident}: callbacks and posts can't wait. Spawn a coroutine that does.");

    private static InvalidOperationException Outside(object resident)
        => new($"{resident} can't be waited for on thread {Environment.CurrentManagedThreadId}, where no scheduler runs. Wait in a coroutine "
            + "(CoroutineScheduler.Run starts the first); from other threads use the scheduler's Post.");
}
