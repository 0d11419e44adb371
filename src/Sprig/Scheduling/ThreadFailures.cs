namespace Sprig.Scheduling;

/// <summary>Failures of runs on threads of their own that nobody has joined: reported when nobody can join any more, or when
/// the process ends.</summary>
internal static class ThreadFailures
{
    private static readonly Lock s_gate = new();
    private static readonly HashSet<FailureRecord> s_unseen = [];
    private static bool s_listening;
    private static long s_order;

    internal static FailureRecord Add(SchedulerThread thread, Exception failure, SchedulerOptions? options)
    {
        lock (s_gate)
        {
            FailureRecord record = new(thread.Name, thread.StartedAt, failure, s_order++, gone => Report(gone, options));
            s_unseen.Add(record);
            if (!s_listening)
                AppDomain.CurrentDomain.ProcessExit += (_, _) => ReportAll();
            s_listening = true;
            return record;
        }
    }

    internal static void Observe(FailureRecord record)
    {
        lock (s_gate)
            s_unseen.Remove(record);
    }

    private static void ReportAll()
    {
        FailureRecord[] left;
        lock (s_gate)
            left = [.. s_unseen.OrderBy(record => record.Order)];
        foreach (FailureRecord record in left)
            record.OnUnreachable(record);
    }

    // On the finalizer thread, or at the process's end.
    private static void Report(FailureRecord record, SchedulerOptions? options)
    {
        lock (s_gate)
        {
            if (!s_unseen.Remove(record))
                return;
        }

        try
        {
            (options?.ErrorOutput ?? Console.Error).WriteLine(
                $"sprig: scheduler thread '{record.Name}' (started at {record.SpawnedAt}) failed and nobody joined it: {record.Exception}");
            options?.Observer?.OnUnobservedFailure(record.Name, record.SpawnedAt, record.Exception);
        }
#pragma warning disable CA1031 // An observer must not end the process, as an exception of the finalizer thread does.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"sprig: the failure of scheduler thread '{record.Name}' could not be told: {e}");
        }
    }
}
