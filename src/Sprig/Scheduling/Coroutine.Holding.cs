namespace Sprig.Scheduling;

/// <content>The locks that it holds.</content>
public partial class Coroutine
{
    internal bool HoldsLocks => _extras?.Holds is not null;

    /// <summary>Whether others wait for it, or may come to: only such a one can close a circle.</summary>
    internal bool IsWaitedFor => _extras is { } extras && (extras.Holds is not null || extras.Joiners is { Count: > 0 });

    /// <summary>The one thing that it waits for, and will wait for until it comes; null where it runs, may be woken by something
    /// else (a time, a token, another flow), or waits for something foreign.</summary>
    internal object? SureBlocker
        => ReadyCount == 0 && Scheduler.Running != this && _waits is { NextOfOwner: null, EndsByItself: false } wait
            && (wait.Blocker is not IOwned owned || owned.HoldsUp(wait)) ? wait.Blocker : null;

    /// <exception cref="InvalidOperationException">It has ended: nobody would be told that it never lets go.</exception>
    internal void AddHold(Hold hold)
    {
        if (!IsAlive)
            throw new InvalidOperationException($"{this} has ended; a flow that it left behind can't hold {hold.Owned}.");
        CoroutineExtras extras = Extras;
        hold.Owner = this;
        hold.NextOfOwner = extras.Holds;
        extras.Holds = hold;
    }

    internal void RemoveHold(Hold hold)
    {
        CoroutineExtras extras = Extras;
        hold.Owner = null;
        // Locks are mostly released in the reverse of the order in which they were taken.
        if (extras.Holds == hold)
        {
            extras.Holds = hold.NextOfOwner;
        }
        else
        {
            Hold before = extras.Holds!;
            while (before.NextOfOwner != hold)
                before = before.NextOfOwner!;
            before.NextOfOwner = hold.NextOfOwner;
        }

        hold.NextOfOwner = null;
    }

    internal Hold? FindHold(IOwned owned)
    {
        Hold? hold = _extras?.Holds;
        while (hold is not null && hold.Owned != owned)
            hold = hold.NextOfOwner;
        return hold;
    }

    /// <summary>It gave a lock up for a condition, and could not get it back: it unwinds, and its using blocks, which would
    /// release what it has not, must not hide why.</summary>
    internal void Lose(IOwned owned, int count) => (Extras.LostLocks ??= [])[owned] = count;

    internal bool TryReleaseLost(IOwned owned)
    {
        if (_extras?.LostLocks is not { } lost || !lost.TryGetValue(owned, out int count))
            return false;
        if (count > 1)
            lost[owned] = count - 1;
        else
            lost.Remove(owned);
        return true;
    }

    /// <summary>It ended with a lock in hand: that is its failure, unless it has another.</summary>
    private Task FaultBy(Task body, AbandonedLockException error)
    {
        if (!body.IsFaulted)
            _bodyOrTask = body = Task.FromException(error);
        else
            Scheduler.Failures.ReportAbandonedLock(this, error);
        return body;
    }

    /// <summary>It has ended: whatever it still holds is lost to all. The first error, if any; the others are reported.</summary>
    private AbandonedLockException? AbandonLocks()
    {
        AbandonedLockException? first = null;
        while (_extras?.Holds is { } hold)
        {
            AbandonedLockException error = new(hold.Owned.ToString()!, this);
            RemoveHold(hold);
            hold.Owned.Abandon(hold, error);
            if (first is null)
                first = error;
            else
                Scheduler.Failures.ReportAbandonedLock(this, error);
        }

        return first;
    }
}
