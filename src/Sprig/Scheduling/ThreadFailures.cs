namespace Sprig.Scheduling;

/// <summary>Failures of runs on threads of their own that nobody has joined: reported when nobody can join any more, or when
/// the process ends.</summary>
/// <param name="options">Where they are reported.</param>
internal sealed class ThreadFailures(SchedulerOptions? options) : FailureKeeper
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<FailureRecord, ThreadFailures> s_unseen = [];
    private static bool s_listening;
    private static long s_order;

    internal FailureRecord.Sentinel Add(SchedulerThread thread, Exception failure)
    {
        lock (s_gate)
        {
            FailureRecord record = new(this, thread.Name, thread.StartedAt, failure, s_order++)
            {
                Who = $"scheduler thread '{thread.Name}' (started at {thread.StartedAt})",
            };
            s_unseen.Add(record, this);
            if (!s_listening)
                AppDomain.CurrentDomain.ProcessExit += (_, _) => ReportAll();
            s_listening = true;
            return new FailureRecord.Sentinel(record);
        }
    }

    internal override void Forget(FailureRecord record)
    {
        lock (s_gate)
            s_unseen.Remove(record);
    }

    internal override void OnUnreachable(FailureRecord record)
    {
        lock (s_gate)
        {
            if (!s_unseen.Remove(record))
                return;
        }

        try
        {
            (options?.ErrorOutput ?? Console.Error).WriteLine($"sprig: {record.Who} failed and nobody joined it: {record.Exception}");
            options?.Observer?.OnUnobservedFailure(record.Name, record.Site, record.Exception);
        }
#pragma warning disable CA1031 // An observer must not end the process, as an exception of the finalizer thread does.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"sprig: the failure of {record.Who} could not be told: {e}");
        }
    }

    private static void ReportAll()
    {
        KeyValuePair<FailureRecord, ThreadFailures>[] left;
        lock (s_gate)
            left = [.. s_unseen.OrderBy(pair => pair.Key.Order)];
        foreach ((FailureRecord record, ThreadFailures keeper) in left)
            keeper.OnUnreachable(record);
    }
}
