using System.Runtime.InteropServices;
using Sprig.Polling;

namespace Sprig.Scheduling;

/// <content>What ends a wait from outside: the kill and its grace time, and deadlines.</content>
public partial class Coroutine
{
    private Interrupts _interrupts;

    [Flags]
    private enum Interrupts : byte
    {
        None = 0,
        KillPending = 1,
        DeadlinePending = 2,
        GraceOver = 4,

        /// <summary>Those that the next wait must deliver.</summary>
        Due = KillPending | DeadlinePending | GraceOver,
        KillRequested = 8,
        KillDelivered = 16,
    }

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

    internal PosixSignal? KillSignal => _extras?.KillSignal;

    internal bool HasInterrupt => (_interrupts & Interrupts.Due) != 0;

    internal bool IsKillRequested => (_interrupts & Interrupts.KillRequested) != 0;

    internal bool IsStraggler => (_interrupts & Interrupts.GraceOver) != 0;

    private bool WasKillDelivered => (_interrupts & Interrupts.KillDelivered) != 0;

    /// <summary>Asks it to end. Its present wait, or else its next one, throws <see cref="CoroutineKilledException"/>; its
    /// <c>finally</c> blocks run and may await. When <paramref name="grace"/> is over and it has not ended, every further
    /// wait in it throws, and it is reported. Before its first step it just never runs. A second kill changes nothing.</summary>
    /// <param name="grace">How long its clean-up may take; the scheduler's <see cref="SchedulerOptions.KillGrace"/> unless given.</param>
    public void Kill(TimeSpan? grace = null)
    {
        if (grace is { } given && given != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
        if (!IsAlive || IsKillRequested)
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
        Kill(grace);
        return JoinAsync(timeout);
    }

    /// <summary>Throws what is to be delivered. For waits that are no <see cref="Completion"/>: yields.</summary>
    internal void ThrowIfInterrupted()
    {
        if (HasInterrupt)
            throw TakeInterrupt();
    }

    internal Exception TakeInterrupt()
    {
        if (IsStraggler)
        {
            _interrupts |= Interrupts.KillDelivered;
            return new CoroutineKilledException($"Coroutine '{Name}' was killed and its grace time is over: it may wait no more.", this);
        }

        if ((_interrupts & Interrupts.KillPending) != 0)
        {
            _interrupts = (_interrupts & ~Interrupts.KillPending) | Interrupts.KillDelivered;
            return new CoroutineKilledException($"Coroutine '{Name}' was killed.", this);
        }

        // The outermost first: it ends the inner scopes as well.
        Deadline? due = null;
        int pending = 0;
        for (Deadline? deadline = InnermostDeadline; deadline is not null; deadline = deadline.Outer)
        {
            if (deadline.IsPending)
                (due, pending) = (deadline, pending + 1);
        }

        due!.IsPending = false;
        if (pending == 1)
            _interrupts &= ~Interrupts.DeadlinePending;
        return new DeadlineExceededException(due);
    }

    /// <summary>A deadline has passed: fails the waits inside it, or leaves it for the next one.</summary>
    internal void OnDeadline(Deadline deadline)
    {
        deadline.IsPending = true;
        _interrupts |= Interrupts.DeadlinePending;
        Deliver(deadline);
    }

    /// <summary>A scope was left: what it had to say is void.</summary>
    internal void OnDeadlineLeft()
    {
        _interrupts &= ~Interrupts.DeadlinePending;
        for (Deadline? deadline = InnermostDeadline; deadline is not null; deadline = deadline.Outer)
        {
            if (deadline.IsPending)
                _interrupts |= Interrupts.DeadlinePending;
        }
    }

    /// <summary>Fails each present wait with an error of its own, as a deadlock does; false when there is none.</summary>
    internal bool FailWaits(Func<Exception> error)
    {
        bool any = false;
        for (Completion? wait = _waits; wait is not null; wait = wait.NextOfOwner)
        {
            wait.Fail(error());
            any = true;
        }

        return any;
    }

    private void Deliver(Deadline? only)
    {
        Exception? first = null;
        for (Completion? wait = _waits; wait is not null; wait = wait.NextOfOwner)
        {
            if (only is not null && !only.Encloses(wait.Scope))
                continue;
            first ??= TakeInterrupt();
            // Several waits at once (a WhenAll inside one coroutine): each gets an instance of its own.
            wait.Fail(first is DeadlineExceededException e ? new DeadlineExceededException(e.Deadline) : new CoroutineKilledException(first.Message, this));
        }
    }

    private void OnGraceOver()
    {
        Extras.Grace = null;
        if (!IsStraggler)
        {
            _interrupts |= Interrupts.GraceOver;
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
