using System.Diagnostics.CodeAnalysis;

namespace Sprig.Scheduling;

/// <summary>Failures of one run that nobody has looked at, and their reports: to the observer, and in one text to the error
/// output.</summary>
internal sealed class FailureLog(CoroutineScheduler scheduler) : FailureKeeper
{
    /// <summary>So many failures of handles that are gone are carried to the run's end; those after them were reported, and
    /// a server that runs for years must not pile them up.</summary>
    private const int Carried = 100;

    private readonly HashSet<FailureRecord> _unobserved = [];
    private long _order;
    private int _unreachable;

    private SchedulerObserver? Observer => scheduler.Options.Observer;

    /// <summary>A body threw. Main's error is the run's; a daemon's is reported at once.</summary>
    internal FailureRecord Add(Coroutine coroutine, Exception exception)
    {
        FailureRecord record = new(this, coroutine.Name, coroutine.SpawnedAt, exception, _order++)
        {
            Who = $"{coroutine} (spawned at {coroutine.SpawnedAt})",
            FailsRun = true,
        };
        if (coroutine == scheduler.Lifetime.Main)
            return record;
        if (coroutine.Daemon == DaemonRule.NotDaemon)
            coroutine.Extras.FailureSentinel = Keep(record);
        else
            Report(record);
        return record;
    }

    /// <summary>Something else than a coroutine was given a failure: somebody will look at it, or be told.</summary>
    /// <param name="who">As a phrase with name and site.</param>
    /// <param name="name">Its name.</param>
    /// <param name="site">File and line where it was made.</param>
    /// <param name="exception">What it was given.</param>
    /// <param name="cause">The coroutine that did it: a daemon's failure does not fail the run. Null: a callback did.</param>
    /// <returns>To be kept by what failed, and disposed when somebody looks.</returns>
    internal FailureRecord.Sentinel Add(string who, string name, string site, Exception exception, Coroutine? cause)
        => Keep(new FailureRecord(this, name, site, exception, _order++)
        {
            Who = who,
            FailsRun = cause is null or { Daemon: DaemonRule.NotDaemon },
        });

    /// <summary>Somebody looks at the failure, if there is one.</summary>
    internal static void Observe(Coroutine coroutine)
    {
        if (coroutine.ExtrasOrNull is not { FailureSentinel: { } sentinel } extras)
            return;
        extras.FailureSentinel = null;
        sentinel.Dispose();
    }

    internal override void Forget(FailureRecord record) => _unobserved.Remove(record);

    internal override void OnUnreachable(FailureRecord record) => scheduler.Inbox.Post(null, (Action)(() => ReportUnreachable(record)), null);

    /// <summary>The run has ended: reports what is left and hands over what fails it, earliest first.</summary>
    internal List<Exception> TakeUnobserved()
    {
        List<FailureRecord> left = [.. _unobserved.OrderBy(record => record.Order)];
        _unobserved.Clear();
        left.ForEach(Report);
        return [.. left.Where(record => record.FailsRun).Select(record => record.Exception)];
    }

    internal void ReportStraggler(Coroutine coroutine)
    {
        Write($"{coroutine} (spawned at {coroutine.SpawnedAt}) was killed and has not ended within its grace time; it waits for {coroutine.BlockedOn ?? "its turn"}.");
        Tell(observer => observer.OnStraggler(coroutine));
    }

    internal void ReportCallback(Coroutine? coroutine, Exception exception)
    {
        Write($"a callback{(coroutine is null ? "" : $" of {coroutine} (spawned at {coroutine.SpawnedAt})")} failed: {exception}");
        Tell(observer => observer.OnCallbackFailed(coroutine, exception));
    }

    /// <summary>Where the coroutine has a failure of its own already, or ended with several locks.</summary>
    internal void ReportAbandonedLock(Coroutine coroutine, AbandonedLockException error)
    {
        Write(error.Message);
        Tell(observer => observer.OnCallbackFailed(coroutine, error));
    }

    /// <summary>Tells a deadlock and throws it, in the wait that would close it.</summary>
    [DoesNotReturn]
    internal void ThrowDeadlock(DeadlockException error)
    {
        Write(error.Message);
        Tell(observer => observer.OnDeadlock(error));
        throw error;
    }

    internal void TellSpawned(Coroutine coroutine) => Tell(observer => observer.OnSpawned(coroutine));

    internal void TellEnded(Coroutine coroutine) => Tell(observer => observer.OnEnded(coroutine));

    private void Tell(Action<SchedulerObserver> what)
    {
        if (Observer is not { } observer)
            return;
        try
        {
            what(observer);
        }
#pragma warning disable CA1031 // An observer must not end what it observes.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Write($"the observer {observer.GetType().Name} failed: {e}");
        }
    }

    private void Report(FailureRecord record)
    {
        if (record.IsReported)
            return;
        record.IsReported = true;
        Write($"{record.Who} failed and nobody looked: {record.Exception}");
        Tell(observer => observer.OnUnobservedFailure(record.Name, record.Site, record.Exception));
    }

    private FailureRecord.Sentinel Keep(FailureRecord record)
    {
        _unobserved.Add(record);
        return new FailureRecord.Sentinel(record);
    }

    private void ReportUnreachable(FailureRecord record)
    {
        if (!_unobserved.Contains(record))
            return;
        Report(record);
        if (!record.FailsRun || ++_unreachable > Carried)
            Forget(record);
    }

    private void Write(string text) => (scheduler.Options.ErrorOutput ?? Console.Error).WriteLine($"sprig: {text}");
}
