using System.Diagnostics;

namespace Sprig.Scheduling;

/// <summary>Tells a deadlock from a pause, when nothing is ready and no timer, descriptor, foreign task or announced post is
/// awaited that the loop knows of.</summary>
/// <remarks>What a body awaits directly is known, and a deadlock of such is told at once. What a method that it called
/// awaits may be one of several flows (a WhenAll, a task that was started and is awaited later), and another of them may
/// await something foreign, which nothing tells the loop. Then it lets real time pass first.</remarks>
internal sealed class DeadlockWatch(CoroutineScheduler scheduler)
{
    /// <summary>When the patience is over, on the real clock; 0 before it began, the end of time when it was told once.</summary>
    private long _until;

    private enum Verdict
    {
        None,
        Possible,
        Sure,
    }

    /// <summary>Something has run: what looked like the end was none.</summary>
    internal void OnProgress() => _until = 0;

    /// <summary>How long the loop may sleep, in nanoseconds; 0: it is a deadlock.</summary>
    internal long TimeToSleep()
    {
        switch (Judge())
        {
            case Verdict.Sure:
                return 0;
            case Verdict.None:
                return long.MaxValue;
        }

        long now = Stopwatch.GetTimestamp();
        if (_until == 0)
            _until = (new MonotonicTime(now) + Patience).Nanoseconds;
        if (_until == long.MaxValue)
            return _until;
        if (now < _until)
            return _until - now;
        // Once: where it changes nothing, the loop sleeps on and does not wake up for it again.
        _until = long.MaxValue;
        return 0;
    }

    private TimeSpan Patience
    {
        get
        {
            TimeSpan patience = scheduler.Options.Clock?.OutsidePatience ?? scheduler.Options.DeadlockPatience;
            return patience == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : patience;
        }
    }

    private Verdict Judge()
    {
        if (scheduler.Inbox.HasMail)
            return Verdict.None;
        Verdict verdict = Verdict.Sure;
        foreach (Coroutine coroutine in scheduler.Coroutines)
        {
            // Work that sleeps without end is meant to last until SIGTERM, where somebody listens to that, or until its thread is killed.
            if (coroutine.HasOutsideWait || ((scheduler.HandlesSignals || scheduler.HasHandle) && coroutine is { WaitsForKill: true, Daemon: DaemonRule.NotDaemon }))
                return Verdict.None;
            if (!coroutine.IsBodyParked)
                verdict = Verdict.Possible;
        }

        return verdict;
    }
}
