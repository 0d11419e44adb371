namespace Sprig.Scheduling;

/// <summary>How a wait begins.</summary>
internal sealed partial class Completion
{
    /// <summary>Starts a wait of the running coroutine. The caller hangs it on what wakes it if it <see cref="IsPending"/>;
    /// it is not when a kill or a deadline was due for delivery.</summary>
    internal static Completion Begin(object blocker)
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        return Begin(scheduler, scheduler.RunningOrThrow, blocker);
    }

    internal static Completion Begin(CoroutineScheduler scheduler, Coroutine coroutine, object blocker)
    {
        Completion wait = Open(scheduler, coroutine, blocker);
        if (coroutine.HasInterrupt)
            wait.TakeInterrupt();
        return wait;
    }

    /// <summary>One that neither a kill nor a deadline ends, until the grace time is over: they are told at the next wait.</summary>
    internal static Completion BeginShielded(CoroutineScheduler scheduler, Coroutine coroutine, object blocker)
    {
        Completion wait = Open(scheduler, coroutine, blocker);
        wait._isShielded = true;
        if (coroutine.IsStraggler)
            wait.TakeInterrupt();
        return wait;
    }

    /// <summary>For what has come already: null where the running coroutine may go on at once. Else a turn through the ready
    /// ring, since its step has spent its budget, or a kill or a deadline, which it has failed with.</summary>
    internal static Completion? BeginTurnIfDue(object blocker)
    {
        if (CoroutineScheduler.CurrentOrNull is not { Running: { } coroutine } scheduler || (!coroutine.HasInterrupt && scheduler.TrySpend()))
            return null;
        Completion turn = Begin(scheduler, coroutine, blocker);
        turn.Defer();
        return turn;
    }

    private static Completion Open(CoroutineScheduler scheduler, Coroutine coroutine, object blocker)
    {
        Completion wait = scheduler.RentCompletion();
        wait._coroutine = coroutine;
        wait.Blocker = blocker;
        wait.Since = scheduler.TickTime;
        wait.Scope = coroutine.InnermostDeadline;
        wait._status = Status.Pending;
        coroutine.AddWait(wait);
        return wait;
    }

    private void TakeInterrupt()
    {
        _error = _coroutine.TakeInterrupt();
        // A straggler that catches everything would spin without ever leaving its step: let it take a pause.
        _status = _coroutine.IsStraggler ? Status.Refused : Status.Failed;
    }
}
