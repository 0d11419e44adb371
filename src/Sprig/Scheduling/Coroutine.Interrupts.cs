namespace Sprig.Scheduling;

/// <content>What ends a wait from outside, and how it gets there: a kill (its own page), a deadline, a deadlock.</content>
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

    /// <summary>Whether it was killed: before it has ended, that it is asked to end.</summary>
    public bool IsKillRequested => (_interrupts & Interrupts.KillRequested) != 0;

    /// <summary>Whether it was killed and had not ended when its grace time was over: its waits throw.</summary>
    public bool IsStraggler => (_interrupts & Interrupts.GraceOver) != 0;

    internal bool HasInterrupt => (_interrupts & Interrupts.Due) != 0;

    private bool WasKillDelivered => (_interrupts & Interrupts.KillDelivered) != 0;

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
            if (!wait.CanFail)
                continue;
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
            // One that has failed already keeps its error; what comes now is for the next.
            if (!wait.IsOpenToInterrupts || (only is not null && !only.Encloses(wait.Scope)))
                continue;
            first ??= TakeInterrupt();
            // Several waits at once (a WhenAll inside one coroutine): each gets an instance of its own.
            wait.Fail(first is DeadlineExceededException e ? new DeadlineExceededException(e.Deadline) : new CoroutineKilledException(first.Message, this));
        }

        if (first is not null && HasFlowElsewhere())
            PutBack(first);
    }

    /// <summary>Whether it runs, yields or comes home from a foreign task: then the waits it has are those of other flows, or
    /// left behind (the loser of a WhenAny), and the running flow must hear of it too, at its next wait.</summary>
    private bool HasFlowElsewhere()
    {
        int resumed = 0;
        for (Completion? wait = _waits; wait is not null; wait = wait.NextOfOwner)
            resumed += wait.IsResumed ? 1 : 0;
        return Scheduler.Running == this || ReadyCount > resumed;
    }

    private void PutBack(Exception interrupt)
    {
        if (interrupt is not DeadlineExceededException { Deadline: { } deadline })
        {
            _interrupts |= Interrupts.KillPending;
            return;
        }

        deadline.IsPending = true;
        _interrupts |= Interrupts.DeadlinePending;
    }
}
