using System.Runtime.InteropServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>The requests that this process holds: so that each output gets its safe level, however its owner ends. Those opened in a
/// run end with it, all with the process: by its return, its exit, an exception that nobody catches, a signal that ends it. For an end
/// that it does not live to see there is <see cref="StateFile"/>.</summary>
internal static class HeldLines
{
    private static readonly Lock s_gate = new();
    private static readonly List<GpioLineRequest> s_held = [];
    private static readonly List<Announcement> s_coming = [];
    private static readonly Action<CoroutineScheduler> s_endRun = EndRun;

    // For as long as the process lives, from its first line on.
    private static readonly PosixSignalRegistration[] s_signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        // A terminal that is closed, as that of an ssh session; Ctrl+\. No run takes these.
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal),
    ];

    /// <summary>Where it is said what they need when this process dies at once; null: nowhere.</summary>
    internal static SafeStateFile? StateFile { get; set; } = SafeStateFile.Of(Environment.GetEnvironmentVariable);

    static HeldLines()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndAll();
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => EndAll();
    }

    /// <summary>Comes before the first line is taken: what is done here once takes milliseconds, and the process may end meanwhile.</summary>
    internal static void Prepare() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(HeldLines).TypeHandle);

    /// <summary>Belongs from now on to the run of this thread; to the process where none runs here.</summary>
    internal static void Add(GpioLineRequest request)
    {
        CoroutineScheduler? run = CoroutineScheduler.CurrentOrNull;
        request.Run = run;
        if (run is not null)
            run.AtEnd = s_endRun;
        lock (s_gate)
        {
            s_held.Add(request);
            KeepState();
        }
    }

    /// <summary>Says what lines need before they are taken, or set anew: the process may be killed right after. Disposed when they are
    /// held so, or could not be.</summary>
    internal static IDisposable? Announce(GpioChipInfo? kernelChip, IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings)
    {
        if (StateFile is null || kernelChip is null)
            return null;
        lock (s_gate)
        {
            Announcement coming = new(SafeLine.Of(kernelChip, lines, settings));
            s_coming.Add(coming);
            KeepState();
            return coming;
        }
    }

    internal static void Remove(GpioLineRequest request)
    {
        lock (s_gate)
        {
            s_held.Remove(request);
            KeepState();
        }
    }

    // What comes stands behind what is: where a line is there twice, it gets the later level.
    private static void KeepState()
        => StateFile?.Keep(s_held.SelectMany(request => request.SafeLines).Concat(s_coming.SelectMany(coming => coming.Lines)).Distinct());

    private static void EndAll() => End(Find(static _ => true), null);

    private static void EndRun(CoroutineScheduler run) => End(Find(request => request.Run == run), run);

    private static void End(GpioLineRequest[] requests, CoroutineScheduler? run)
    {
        foreach (GpioLineRequest request in requests)
        {
            try
            {
                request.Dispose();
            }
#pragma warning disable CA1031 // Whatever is wrong with one, the others get their safe level.
            catch (Exception e)
#pragma warning restore CA1031
            {
                run?.Failures.ReportCallback(null, e);
            }
        }
    }

    // A signal that ends the process at once, as they do where no run takes it for its orderly end. Somebody called after this may
    // yet keep the process alive: so the lines stay, and only their levels are safe.
    private static void OnSignal(PosixSignalContext context)
    {
        bool isTaken = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGTERM && TerminationSignals.AreTaken;
        if (!context.Cancel && !isTaken)
            Array.ForEach(Find(static _ => true), request => request.MakeSafe());
    }

    // The last opened first, as using blocks would.
    private static GpioLineRequest[] Find(Predicate<GpioLineRequest> belongs)
    {
        lock (s_gate)
        {
            List<GpioLineRequest> found = s_held.FindAll(belongs);
            found.Reverse();
            return [.. found];
        }
    }

    private sealed class Announcement(IReadOnlyList<SafeLine> lines) : IDisposable
    {
        internal IReadOnlyList<SafeLine> Lines => lines;

        public void Dispose()
        {
            lock (s_gate)
            {
                s_coming.Remove(this);
                KeepState();
            }
        }
    }
}
