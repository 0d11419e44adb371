using System.Diagnostics;
using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>Runs coroutines on one thread: gevent's hub. <see cref="Run(Func{Task}, SchedulerOptions?, string, int)"/> makes one for the calling thread and returns
/// when the work has ended.</summary>
public sealed partial class CoroutineScheduler
{
    /// <summary>While there is always something ready, the clock is read every so many ticks, or when the kernel's coarse one
    /// has moved (a few milliseconds; a tenth of the price); the descriptors are looked at every so many nanoseconds: a look
    /// costs as much as ten switches.</summary>
    private const int TicksPerLook = 16;
    private const long PollEvery = 20_000;
    private const long LongLook = 50_000;

    private int _left;
    private int _ticksUntilLook;
    private long _lastPoll, _coarseTime;
    private Reactor? _reactor;
    private Housekeeping? _housekeeping;

    internal ReadyQueue Ready { get; } = new();

    internal Inbox Inbox { get; }

    internal TimerHeap Timers { get; } = new();

    internal Reactor Reactor => _reactor ??= new Reactor();

    /// <summary>The clock as it was last read by the loop: for "since when", where a read of its own would cost too much.</summary>
    internal long TickTime { get; private set; }

    internal long Now => _clock is null ? Stopwatch.GetTimestamp() : _clock.GetTimestamp();

    /// <summary>How many blocked coroutines wait for a foreign task.</summary>
    internal int ForeignBlocked { get; set; }

    /// <summary>How many waits of ours another thread may end.</summary>
    internal int OutsideWaits { get; set; }

    // The whole policy of the loop.
    private void RunOnce()
    {
        // 1 take what other threads have posted
        if (Inbox.HasMail)
            Inbox.MoveTo(Ready);

        // 2 run what was ready when the tick began
        _left = Ready.Count;
        if (_left > 0)
            _deadlocks.OnProgress();
        if (_random is not null)
            Ready.Shuffle(_random);
        while (_left > 0)
            RunReady();

        // 3, 4, 5 readiness and due timers become ready coroutines; sleep for them if there is nothing else to do
        if (Ready.Count == 0 && !Lifetime.NeedsCheck)
            SleepUntilReady();
        else if (--_ticksUntilLook <= 0 || Environment.TickCount64 != _coarseTime)
            Look();

        // 6 main and every non-daemon done?
        if (Lifetime.NeedsCheck)
            Lifetime.Check();
    }

    private void RunReady()
    {
        try
        {
            while (_left > 0)
            {
                _left--;
                ReadyQueue.Entry entry = Ready.Dequeue();
                Coroutine? coroutine = entry.Coroutine;
                Running = coroutine;
                if (coroutine is null)
                {
                    RunCallback(entry);
                    continue;
                }

                coroutine.ReadyCount--;
                if (coroutine.IsForeignBlocked)
                    SetForeignBlocked(coroutine, false);
                SynchronizationContext.SetSynchronizationContext(coroutine.Context);
                _budget = StepBudget;
                bool unheard = coroutine.IsUnheard;
                Call(entry);
                if (unheard)
                    coroutine.AfterUnheardStep();
                if (coroutine.WaitsForOutside)
                    SetForeignBlocked(coroutine, true);
            }
        }
#pragma warning disable CA1031 // Async bodies keep their failures; what comes here was thrown by a callback, and must not end the loop.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (Running is { WaitsForOutside: true } coroutine)
                SetForeignBlocked(coroutine, true);
            Failures.ReportCallback(Running, e);
        }
        finally
        {
            Running = null;
            SynchronizationContext.SetSynchronizationContext(_context);
        }
    }

    private static void Call(in ReadyQueue.Entry entry)
    {
        if (entry.Callback is Action action)
            action();
        else if (entry.Callback is Action<object?> withState)
            withState(entry.State);
        else
            ((SendOrPostCallback)entry.Callback)(entry.State);
    }

    /// <summary>Nothing is ready: asks the timers for the next deadline and sleeps until it, a descriptor, or a post.</summary>
    private void SleepUntilReady()
    {
        long due = Math.Min(Timers.NextDue, _clock?.NextDue ?? long.MaxValue);
        // What nobody waits for ends a sleep, but is no reason to sleep.
        long wake = Math.Min(due, _housekeeping?.NextDue ?? long.MaxValue);
        bool outside = (_reactor?.Armed ?? 0) > 0 || ForeignBlocked > 0 || OutsideWaits > 0 || _expectedPosts > 0;
        if (due == long.MaxValue && !outside)
        {
            if (_deadlocks.TimeToSleep() is > 0 and long time)
                Sleep(_clock is null ? Math.Min(time, Until(wake)) : time);
            else
                Lifetime.OnDeadlock();
        }
        else if (_clock is null || due == long.MaxValue)
        {
            // Without a deadline virtual time has nowhere to jump to: it sleeps as well.
            Sleep(_clock is null ? Until(wake) : due);
        }
        else if (!outside || !Sleep(Patience(wake)))
        {
            if (!Inbox.HasMail)
                _clock.AdvanceTo(Math.Max(wake, _clock.GetTimestamp()));
        }

        Finish(Now);
    }

    private long Until(long due) => due == long.MaxValue ? due : Math.Max(0, due - Now);

    // In virtual time a deadline that has come lets nobody wait for the outside.
    private long Patience(long due) => due <= Now ? 0 : MonotonicTime.ToNanoseconds(_clock!.OutsidePatience);

    /// <summary>True when something came.</summary>
    private bool Sleep(long timeout)
    {
        if (timeout <= 0)
            return Reactor.Poll(0) > 0;
        int events = 0;
        Reactor reactor = Reactor;
        if (Inbox.TryFallAsleep())
        {
            events = reactor.Poll(timeout);
            Inbox.WakeUp();
        }

        return events > 0 || Inbox.HasMail;
    }

    /// <summary>Something is ready: looks at the clock and the descriptors without sleeping.</summary>
    private void Look()
    {
        long now = Now;
        _coarseTime = Environment.TickCount64;
        // Where ticks are long, each is followed by a look; where they are short, 16 of them pass in a microsecond.
        _ticksUntilLook = _clock is not null || now - TickTime > LongLook ? 1 : TicksPerLook;
        if (_reactor is { Armed: > 0 } reactor && (_clock is not null || now - _lastPoll > PollEvery))
        {
            _lastPoll = now;
            reactor.Poll(0);
        }

        Finish(now);
    }

    private void Finish(long now)
    {
        TickTime = now;
        Timers.FireDue(now);
        _housekeeping?.RunDue(now);
    }
}
