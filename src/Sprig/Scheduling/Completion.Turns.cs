namespace Sprig.Scheduling;

/// <content>What completes at once still counts: now and then it takes a turn.</content>
internal sealed partial class Completion
{
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
}
