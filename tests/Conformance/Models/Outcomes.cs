using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>Which outcome an error is, and what an operation comes to that does not wait.</summary>
internal static class Outcomes
{
    internal static Outcome Of(Exception error) => error switch
    {
        CoroutineKilledException => Outcome.Killed,
        OperationCanceledException => Outcome.Cancelled,
        DeadlineExceededException => Outcome.OutOfTime,
        DeadlockException => Outcome.Deadlock,
        AbandonedLockException => Outcome.Abandoned,
        SynchronizationLockException => Outcome.Stranger,
        SemaphoreFullException => Outcome.Overfull,
        BarrierBrokenException => Outcome.Broken,
        QueueShutdownException or EndedException => Outcome.ShutDown,
        QueueFullException or QueueEmptyException => Outcome.NotInTime,
        SubscriberTooSlowException => Outcome.TooSlow,
        InvalidOperationException => Outcome.Misused,
        _ => throw new InvalidOperationException("An error that no operation should throw.", error),
    };

    internal static Outcome Of(Action operation)
    {
        try
        {
            operation();
            return Outcome.Done;
        }
#pragma warning disable CA1031 // Whatever it is, it is compared with what the model says.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Of(e);
        }
    }

    internal static Outcome Of(Func<bool> attempt)
    {
        bool done = false;
        Outcome outcome = Of(() => { done = attempt(); });
        return outcome == Outcome.Done && !done ? Outcome.NotInTime : outcome;
    }
}
