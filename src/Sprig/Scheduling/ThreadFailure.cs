namespace Sprig.Scheduling;

/// <summary>The failure of a run on a thread of its own, until somebody has joined it: reported when nobody can any more, or when
/// the process ends.</summary>
internal sealed class ThreadFailure
{
    private static readonly Lock s_gate = new();
    private static readonly List<ThreadFailure> s_unseen = [];
    private static bool s_listening;

    private readonly string _name;
    private readonly string _startedAt;
    private readonly Exception _exception;
    private readonly SchedulerOptions? _options;

    // Holds what a report needs, not the thread, so that the handle can be collected.
    private ThreadFailure(SchedulerThread thread, Exception exception, SchedulerOptions? options)
    {
        _name = thread.Name;
        _startedAt = thread.StartedAt;
        _exception = exception;
        _options = options;
    }

    internal static Sentinel Keep(SchedulerThread thread, Exception exception, SchedulerOptions? options)
    {
        ThreadFailure failure = new(thread, exception, options);
        lock (s_gate)
        {
            s_unseen.Add(failure);
            if (!s_listening)
                AppDomain.CurrentDomain.ProcessExit += (_, _) => ReportAll();
            s_listening = true;
        }

        return new Sentinel(failure);
    }

    private static void ReportAll()
    {
        ThreadFailure[] left;
        lock (s_gate)
            left = [.. s_unseen];
        foreach (ThreadFailure failure in left)
            failure.Report();
    }

    private bool TryForget()
    {
        lock (s_gate)
            return s_unseen.Remove(this);
    }

    // On the finalizer thread, or at the process's end.
    private void Report()
    {
        if (!TryForget())
            return;
        try
        {
            (_options?.ErrorOutput ?? Console.Error).WriteLine($"sprig: scheduler thread '{_name}' (started at {_startedAt}) failed and nobody joined it: {_exception}");
            _options?.Observer?.OnUnobservedFailure(_name, _startedAt, _exception);
        }
#pragma warning disable CA1031 // An observer must not end the process, as an exception of the finalizer thread does.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"sprig: the failure of scheduler thread '{_name}' could not be told: {e}");
        }
    }

    /// <summary>Dies with the handle that holds it, and tells.</summary>
    internal sealed class Sentinel(ThreadFailure failure) : IDisposable
    {
        ~Sentinel() => failure.Report();

        /// <summary>Somebody has joined.</summary>
        public void Dispose()
        {
            GC.SuppressFinalize(this);
            failure.TryForget();
        }
    }
}
