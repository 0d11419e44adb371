using System.Runtime.InteropServices;

namespace Sprig.Scheduling;

/// <summary>When a run ends, and how: the daemon rules, the signals' way out, deadlock.</summary>
internal sealed class RunLifetime(CoroutineScheduler scheduler)
{
    private static readonly TimeSpan s_lastCall = TimeSpan.FromSeconds(1);
    private DeadlockException? _deadlock;
    private TimeSpan? _grace;
    private bool _stopping;

    internal Coroutine Main { get; set; } = null!;

    /// <summary>How many live that are no daemons, main included.</summary>
    internal int Working { get; set; }

    /// <summary>Something ended or began since the last <see cref="Check"/>: the loop must not sleep before the next.</summary>
    internal bool NeedsCheck { get; set; }

    internal bool HasEnded { get; private set; }

    internal PosixSignal? Signal { get; private set; }

    /// <summary>A deadlock that came after main's end, so that it could not be thrown there; null where main has ended by one: this
    /// is what that left.</summary>
    internal DeadlockException? LateDeadlock => Main.FailureRecord?.Exception is DeadlockException { IsOfAll: true } ? null : _deadlock;

    internal void Check()
    {
        NeedsCheck = false;
        if (Main.IsAlive)
            return;
        bool all = Working == 0 || _stopping || _deadlock is not null;
        // A kill may end one at once, and through its token others that stand later here.
        foreach (Coroutine coroutine in scheduler.Coroutines)
        {
            if (all || coroutine.Daemon == DaemonRule.UntilMainReturns)
                EndAtRunsEnd(coroutine);
        }

        if (scheduler.ActiveCount > 0)
            return;
        // The last to end may have left done callbacks; they are run, and may even spawn.
        HasEnded = scheduler.Ready.CallbackCount == 0;
        NeedsCheck = !HasEnded;
    }

    /// <summary>SIGINT or SIGTERM.</summary>
    internal void OnSignal(PosixSignal signal)
    {
        Signal = signal;
        Main.Extras.KillSignal = signal;
        Stop(null);
    }

    /// <summary>Main is killed, and when it has ended, so is everything else. A second stop changes nothing.</summary>
    internal void Stop(TimeSpan? grace)
    {
        if (!_stopping)
            _grace = grace;
        _stopping = true;
        Main.Kill(_grace);
        NeedsCheck = true;
    }

    /// <summary>Nothing can ever go on. Thrown in main's wait; where main has ended, the rest is killed and the run throws.</summary>
    internal void OnDeadlock()
    {
        List<WaitDescription> waits = [];
        foreach (Coroutine coroutine in scheduler.Coroutines)
            waits.Add(coroutine.Describe());
        if (Main.FailWaits(() => DeadlockException.OfAll(waits)))
            return;
        _deadlock ??= DeadlockException.OfAll(waits);
        NeedsCheck = true;
    }

    /// <summary>A grace time is over. At the run's end such a coroutine gets one last call to end by its throwing waits; then
    /// the run goes without it.</summary>
    internal void OnStraggler(Coroutine coroutine)
    {
        if (IsEnding(coroutine))
            coroutine.AbandonAfter(s_lastCall);
    }

    private bool IsEnding(Coroutine coroutine)
        => coroutine == Main ? _stopping
            : !Main.IsAlive && (Working == 0 || _stopping || _deadlock is not null || coroutine.Daemon == DaemonRule.UntilMainReturns);

    private void EndAtRunsEnd(Coroutine coroutine)
    {
        if (!coroutine.IsAlive)
            return;
        if (Signal is not null)
            coroutine.Extras.KillSignal = Signal;
        coroutine.Kill(_grace);
        if (coroutine.IsStraggler)
            coroutine.AbandonAfter(s_lastCall);
    }
}
