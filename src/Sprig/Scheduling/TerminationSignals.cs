using System.Runtime.InteropServices;

namespace Sprig.Scheduling;

/// <summary>SIGINT and SIGTERM, brought to the loop.</summary>
/// <remarks>A signalfd would need the signals blocked in every thread, and the runtime's own threads exist before ours: so
/// the runtime's registration it is. Its handler runs on a thread of the runtime and does nothing but post.</remarks>
internal sealed class TerminationSignals : IDisposable
{
    private readonly CoroutineScheduler _scheduler;
    private readonly PosixSignalRegistration[] _registrations;
    private int _waiting;

    internal TerminationSignals(CoroutineScheduler scheduler)
    {
        _scheduler = scheduler;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        PosixSignal signal = context.Signal;
        // A second signal while the first still waits to be taken means that the loop hangs: let it end the process.
        context.Cancel = Interlocked.Exchange(ref _waiting, 1) == 0;
        _scheduler.Inbox.Post(null, (Action)(() =>
        {
            Volatile.Write(ref _waiting, 0);
            _scheduler.Lifetime.OnSignal(signal);
        }), null);
    }
}
