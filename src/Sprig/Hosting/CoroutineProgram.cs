using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sprig.Scheduling;

namespace Sprig.Hosting;

/// <summary>A whole program on one scheduler: what <c>Main</c> returns.</summary>
public static class CoroutineProgram
{
    private const int Failed = 1;
    private const int SignalBase = 128;

    /// <summary>Runs <paramref name="main"/> to its end and gives the exit code: 0; 1 when it failed, with the error on
    /// standard error; 128 + n when signal n ended it (130 for Ctrl+C, 143 for SIGTERM), as shells and systemd expect.</summary>
    /// <remarks>Under systemd (NOTIFY_SOCKET is set) it tells that the program is ready when main first waits, that it stops when its
    /// end begins, and, with WatchdogSec=, that it is alive as long as the loop turns and no <see cref="Heartbeat"/> is overdue: see
    /// <see cref="SystemdNotifier"/>. Where standard error goes to the journal, reports go there with fields, as <see cref="Journal"/>'s
    /// entries. SPRIG_WATCHDOG=/dev/watchdog has the board's watchdog fed: see <see cref="HardwareWatchdog"/>.</remarks>
    /// <param name="main">The body of the main coroutine.</param>
    /// <param name="options">As in <see cref="CoroutineScheduler.Run(Func{Task}, SchedulerOptions?, string, int)"/>.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static int Run(Func<Task> main, SchedulerOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Run(main, new ProgramReports(options, JournalWriter.OfProcess, $"{file}:{line}"), ServiceEnvironment.TakeFromProcess, file, line);

    internal static int Run(Func<Task> main, ProgramReports reports, Func<ServiceEnvironment> takeEnvironment, string file, int line)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(main);
            using ServiceRun service = ServiceRun.Begin(takeEnvironment(), reports);
            CoroutineScheduler.Run(service.Around(main), reports.Options, file, line);
            return 0;
        }
        catch (CoroutineKilledException e) when (e.Signal is { } signal)
        {
            return SignalBase + Number(signal);
        }
#pragma warning disable CA1031 // The end of the program: an unhandled exception would dump a core instead of a message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            reports.OnFailed(e);
            return Failed;
        }
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGTERM => 15,
        _ => 0,
    };
}
