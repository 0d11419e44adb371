using System.Runtime.InteropServices;
using Sprig.Polling;

namespace Sprig.Scheduling;

/// <content>The kill and its grace time.</content>
public partial class Coroutine
{
    /// <summary>Cancelled when this coroutine is killed: for awaits of foreign code, which Sprig can't interrupt itself.</summary>
    public CancellationToken Token
    {
        get
        {
            if (Extras.KillToken is not { } source)
            {
                Extras.KillToken = source = new CancellationTokenSource();
                if (IsKillRequested)
                    source.Cancel();
            }

            return source.Token;
        }
    }

    internal bool IsOwnToken(CancellationToken token) => _extras?.KillToken is { } source && source.Token == token;

    internal PosixSignal? KillSignal => _extras?.KillSignal;

    /// <summary>Asks it to end. Its present wait, or else its next one, throws <see cref="CoroutineKilledException"/>; its
    /// <c>finally</c> blocks run and may await. When <paramref name="grace"/> is over and it has not ended, every further
    /// wait in it throws, and it is reported. Before its first step it just never runs. A second kill changes nothing.</summary>
    /// <param name="grace">How long its clean-up may take; the scheduler's <see cref="SchedulerOptions.KillGrace"/> unless given.</param>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread; nothing was done.</exception>
    public void Kill(TimeSpan? grace = null)
    {
        if (grace is { } given && given != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
        if (!IsAlive)
            return;
        ThrowIfOffLoop();
        if (IsKillRequested)
            return;
        _interrupts |= Interrupts.KillRequested | Interrupts.KillPending;
        if (BodyTask is null && Scheduler.Running != this)
        {
            End(CoroutineState.Killed);
            return;
        }

        TimeSpan time = grace ?? Scheduler.Options.KillGrace;
        if (time != Timeout.InfiniteTimeSpan)
        {
            Extras.Grace = new GraceTimer(this);
            Scheduler.Timers.Add(Extras.Grace, (new MonotonicTime(Scheduler.Now) + time).Nanoseconds);
        }

        Deliver(null);
        try
        {
            _extras?.KillToken?.Cancel();
        }
        catch (AggregateException e)
        {
            Scheduler.Failures.ReportCallback(this, e);
        }
    }

    /// <summary><see cref="Kill"/>, then waits for its end; true when it has ended, within <paramref name="timeout"/>.</summary>
    /// <param name="grace">As in <see cref="Kill"/>.</param>
    /// <param name="timeout">How long to wait; without end unless given.</param>
    public ValueTask<bool> KillAsync(TimeSpan? grace = null, TimeSpan? timeout = null)
    {
        // First: bad input kills nobody.
        long due = DueAfterOrNever(timeout);
        Kill(grace);
        return JoinUntilAsync(due);
    }

    /// <summary>A straggler's yield: throws as its other waits do, after the same pause.</summary>
    internal void RefuseYield(Action continuation)
    {
        Completion wait = Completion.Begin(Scheduler, this, "its turn");
        wait.OnCompleted(Resume, null, wait.Version);

        void Resume()
        {
            wait.Drop();
            continuation();
        }
    }

    private void OnGraceOver()
    {
        Extras.Grace = null;
        if (!IsStraggler)
        {
            _interrupts |= Interrupts.GraceOver;
            if (IsForeignBlocked)
                Scheduler.SetForeignBlocked(this, false);
            Scheduler.Failures.ReportStraggler(this);
            Deliver(null);
        }

        Scheduler.Lifetime.OnStraggler(this);
    }

    /// <summary>The run ends: it gets so long to end by itself, then the run goes without it.</summary>
    internal void AbandonAfter(TimeSpan lastCall)
    {
        if (Extras.Grace is not null || !IsAlive)
            return;
        Extras.Grace = new GraceTimer(this) { IsLastCall = true };
        Scheduler.Timers.Add(Extras.Grace, (new MonotonicTime(Scheduler.Now) + lastCall).Nanoseconds);
    }

    private sealed class GraceTimer(Coroutine coroutine) : Waiter
    {
        internal bool IsLastCall { get; init; }

        internal override void OnDue()
        {
            if (IsLastCall)
                coroutine.Abandon();
            else
                coroutine.OnGraceOver();
        }
    }
}
