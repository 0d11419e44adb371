using System.Runtime.InteropServices;

namespace Sprig.Scheduling;

/// <summary>SIGINT and SIGTERM, brought to the loop.</summary>
/// <remarks>A signalfd would need the signals blocked in every thread, and the runtime's own threads exist before ours: so
/// the runtime's registration it is. Its handler runs on a thread of the runtime and does nothing but post.</remarks>
internal sealed class TerminationSignals : IDisposable
{
    /// <summary>A loop that has not taken a signal for so many milliseconds hangs.</summary>
    private const long Hangs = 1000;

    private static int s_takers;

    private readonly CoroutineScheduler _scheduler;
    private readonly PosixSignalRegistration[] _registrations;
    private long _waitingSince;

    internal TerminationSignals(CoroutineScheduler scheduler)
    {
        _scheduler = scheduler;
        Interlocked.Increment(ref s_takers);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Whether a run of this process makes its orderly end of them. Any thread.</summary>
    internal static bool AreTaken => Volatile.Read(ref s_takers) > 0;

    public void Dispose()
    {
        Interlocked.Decrement(ref s_takers);
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        PosixSignal signal = context.Signal;
        // A second signal long after the first, which still waits to be taken, means that the loop hangs: let it end the
        // process. One right behind it means nothing: timeout(1) sends two, and the loop needs a moment to wake.
        long now = Environment.TickCount64;
        long since = Interlocked.CompareExchange(ref _waitingSince, now, 0);
        context.Cancel = since == 0 || now - since < Hangs;
        // What the run has left open is given back from here: its loop never will.
        if (!context.Cancel)
            _scheduler.AtEnd?.Invoke(_scheduler);
        _scheduler.Inbox.Post(null, (Action)(() =>
        {
            Volatile.Write(ref _waitingSince, 0);
            _scheduler.Lifetime.OnSignal(signal);
        }), null);
    }
}
