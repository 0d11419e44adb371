using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>Who holds it, and how it changes hands.</content>
public sealed partial class AsyncReaderWriterLock
{
    /// <summary>What a waiting one wants: its cargo.</summary>
    private static readonly object s_read = new();
    private static readonly object s_write = new();

    /// <summary>Those that hold it.</summary>
    private Hold? _first;

    /// <summary>Holds to be used again.</summary>
    private Hold? _free;

    Hold? IOwned.FirstHold => _first;

    bool IOwned.HoldsUp(Completion wait) => HoldUp(wait.Cargo == s_write, wait);

    void IGrantor.TakeBack(Completion wait) => Leave(wait.Coroutine.FindHold(this)!);

    void IGrantor.OnWaiterLeft() => PassOn();

    void IOwned.Abandon(Hold hold, AbandonedLockException error)
    {
        _abandoned = error;
        Unlink(hold);
        while (_waiters.First is { } wait)
            wait.Fail(error.Again());
    }

    private bool TryTake(Coroutine running, bool isWrite)
    {
        if (_abandoned is not null)
            throw _abandoned.Again();
        // A reader that reads on overtakes nobody: those behind it wait for it anyway.
        if (!isWrite && !IsWriteHeld && running.FindHold(this) is { } hold)
        {
            hold.Count++;
            return true;
        }

        if (_waiters.First is not null || !IsFreeFor(isWrite))
            return false;
        Enter(running, isWrite);
        return true;
    }

    private bool IsFreeFor(bool isWrite) => _abandoned is null && (_first is null || (!isWrite && !IsWriteHeld));

    private void Enter(Coroutine coroutine, bool isWrite)
    {
        // Several flows of one coroutine may have waited for it.
        if (coroutine.FindHold(this) is { } known)
        {
            known.Count++;
            return;
        }

        Hold hold = _free ?? new Hold(this);
        coroutine.AddHold(hold);
        _free = hold.NextOfLock;
        hold.NextOfLock = _first;
        hold.Count = 1;
        _first = hold;
        IsWriteHeld = isWrite;
        ReaderCount += isWrite ? 0 : 1;
    }

    private void Release(bool isWrite)
    {
        Coroutine? running = CoroutineScheduler.CurrentOrNull?.Running;
        if (running?.FindHold(this) is not { } hold || isWrite != IsWriteHeld)
        {
            string who = running is null ? "no coroutine runs here" : $"{running} does not hold it for {(isWrite ? "writing" : "reading")}";
            throw new SynchronizationLockException($"{this} can't be released: {who}. Each releases what it has acquired, once: a using block does.");
        }

        Leave(hold);
    }

    private void Leave(Hold hold)
    {
        if (--hold.Count > 0)
            return;
        hold.Owner!.RemoveHold(hold);
        Unlink(hold);
        PassOn();
    }

    private void Unlink(Hold hold)
    {
        if (_first == hold)
        {
            _first = hold.NextOfLock;
        }
        else
        {
            Hold before = _first!;
            while (before.NextOfLock != hold)
                before = before.NextOfLock!;
            before.NextOfLock = hold.NextOfLock;
        }

        hold.NextOfLock = _free;
        _free = hold;
        ReaderCount -= IsWriteHeld ? 0 : 1;
        IsWriteHeld = false;
    }

    /// <summary>To the first that waits, and if it reads, to all readers right behind it.</summary>
    private void PassOn()
    {
        while (_waiters.First is { } next && IsFreeFor(next.Cargo == s_write))
        {
            Enter(next.Coroutine, next.Cargo == s_write);
            next.Grant();
        }
    }

    /// <summary>Whether the holders hold up one that wants it, behind all that stand before <paramref name="end"/>. A reader is not
    /// held up by other readers, but by writers before it, while one of these waits without end.</summary>
    private bool HoldUp(bool isWrite, Completion? end)
    {
        if (isWrite || IsWriteHeld)
            return true;
        Completion? ahead = _waiters.First;
        while (ahead != end && (ahead!.Cargo == s_read || ahead.EndsByItself))
            ahead = ahead.NextInQueue;
        return ahead != end;
    }

    private void ThrowIfHopeless(bool isWrite, bool isForEver)
    {
        Coroutine running = Coroutine.Current;
        if (running.FindHold(this) is not null)
        {
            running.Scheduler.Failures.ThrowDeadlock(DeadlockException.OfItself(
                running, this, IsWriteHeld ? "Release it first." : "End the read first, or acquire it for writing from the start."));
        }

        if (isForEver && HoldUp(isWrite, null))
            WaitGraph.ThrowIfCircle(running, this);
    }
}
