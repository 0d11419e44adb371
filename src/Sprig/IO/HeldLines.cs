using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>The requests that this process holds: so that each output gets its safe level, however its owner ends. Those opened in a
/// run end with it, all with the process.</summary>
internal static class HeldLines
{
    private static readonly Lock s_gate = new();
    private static readonly List<GpioLineRequest> s_held = [];
    private static readonly Action<CoroutineScheduler> s_endRun = EndRun;

    static HeldLines()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => End(static _ => true);
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => End(static _ => true);
    }

    /// <summary>Belongs from now on to the run of this thread; to the process where none runs here.</summary>
    internal static void Add(GpioLineRequest request)
    {
        CoroutineScheduler? run = CoroutineScheduler.CurrentOrNull;
        request.Run = run;
        if (run is not null)
            run.AtEnd = s_endRun;
        lock (s_gate)
            s_held.Add(request);
    }

    internal static void Remove(GpioLineRequest request)
    {
        lock (s_gate)
            s_held.Remove(request);
    }

    private static void EndRun(CoroutineScheduler run) => End(request => request.Run == run);

    private static void End(Predicate<GpioLineRequest> belongs)
    {
        GpioLineRequest[] theirs;
        lock (s_gate)
            theirs = [.. s_held.FindAll(belongs)];
        // The last opened first, as using blocks would.
        for (int i = theirs.Length - 1; i >= 0; i--)
            theirs[i].Dispose();
    }
}
