using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>The runtime's reports as entries of the journal, with fields, instead of text on standard error. What the program's own observer is told, it is
/// told still.</summary>
internal sealed class JournalReports(JournalWriter journal, SchedulerObserver? users) : SchedulerObserver
{
    private readonly ConditionalWeakTable<Exception, object?> _reported = [];

    public override void OnSpawned(Coroutine coroutine) => Tell(observer => observer.OnSpawned(coroutine));

    public override void OnEnded(Coroutine coroutine) => Tell(observer => observer.OnEnded(coroutine));

    public override void OnUnobservedFailure(string name, string spawnedAt, Exception exception)
    {
        Report(JournalPriority.Error, $"'{name}' ({spawnedAt}) failed and nobody looked: {exception.Message}", name, spawnedAt, exception);
        Tell(observer => observer.OnUnobservedFailure(name, spawnedAt, exception));
    }

    public override void OnStraggler(Coroutine coroutine)
    {
        Report(JournalPriority.Warning, $"{coroutine} (spawned at {coroutine.SpawnedAt}) was killed and has not ended within its grace time; it waits for "
            + $"{coroutine.BlockedOn ?? "its turn"}.", coroutine.Name, coroutine.SpawnedAt, null);
        Tell(observer => observer.OnStraggler(coroutine));
    }

    public override void OnDeadlock(DeadlockException error)
    {
        Report(JournalPriority.Error, error.Message, error.Waits[0].Coroutine, error.Waits[0].SpawnedAt, error);
        Tell(observer => observer.OnDeadlock(error));
    }

    public override void OnCallbackFailed(Coroutine? coroutine, Exception exception)
    {
        Report(JournalPriority.Error, $"a callback{(coroutine is null ? "" : $" of {coroutine} (spawned at {coroutine.SpawnedAt})")} failed: {exception.Message}",
            coroutine?.Name, coroutine?.SpawnedAt, exception);
        Tell(observer => observer.OnCallbackFailed(coroutine, exception));
    }

    /// <summary>The program's end by an error: what of it was not reported before.</summary>
    internal void OnProgramFailed(Exception error, string startedAt)
    {
        IReadOnlyCollection<Exception> parts = error is AggregateException { InnerExceptions.Count: > 0 } several ? several.InnerExceptions : [error];
        bool any = false;
        foreach (Exception part in parts.Where(part => !_reported.TryGetValue(part, out _)))
        {
            any = true;
            Report(JournalPriority.Critical, $"the program failed: {part.Message}", "main", startedAt, part);
        }

        if (!any)
            journal.Write(JournalPriority.Critical, "the program failed by what is reported before this.", [("COROUTINE", "main"), ("SPAWNED_AT", startedAt)]);
    }

    /// <summary>A heartbeat is overdue, as the sentence says, or came again.</summary>
    internal static void Write(JournalWriter journal, Heartbeat heartbeat, string? overdue)
        => journal.Write(overdue is null ? JournalPriority.Notice : JournalPriority.Critical, overdue ?? $"{heartbeat} has come again.",
            [("HEARTBEAT", heartbeat.Name), ("COROUTINE", heartbeat.Of?.Name), ("SPAWNED_AT", heartbeat.Of?.SpawnedAt)]);

    private void Report(JournalPriority priority, string message, string? coroutine, string? spawnedAt, Exception? exception)
    {
        if (exception is not null)
            _reported.AddOrUpdate(exception, null);
        journal.Write(priority, message, [("COROUTINE", coroutine), ("SPAWNED_AT", spawnedAt), ("EXCEPTION", exception)]);
    }

    private void Tell(Action<SchedulerObserver> what)
    {
        if (users is null)
            return;
        try
        {
            what(users);
        }
#pragma warning disable CA1031 // An observer must not end what it observes; the scheduler would write it where nobody reads.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(JournalPriority.Error, $"the observer {users.GetType().Name} failed: {e.Message}", null, null, e);
        }
    }
}
