using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>How it changes hands.</content>
public abstract partial class OwnedLock
{
    /// <summary>For a condition: lets go of it altogether.</summary>
    /// <returns>How many releases that was.</returns>
    internal int ReleaseAll()
    {
        int count = _hold.Count;
        PassOn();
        return count;
    }

    internal void ThrowIfNotHeld(object condition)
    {
        if (!IsHeldByCurrent)
            throw new SynchronizationLockException($"{condition} needs its lock, {this}, which the running coroutine does not hold: acquire it first.");
    }

    /// <summary>For a condition: gets it back as it was. Neither a kill nor a deadline ends this; they are told at the next wait.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask RestoreAsync(int count)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        Coroutine running = scheduler.RunningOrThrow;
        try
        {
            if (!TryTake(running))
            {
                ThrowIfHopeless(isForEver: true, isShielded: true);
                Completion wait = Completion.BeginShielded(scheduler, running, this);
                wait.HangOn(_waiters);
                await new ValueTask(wait, wait.Version);
            }
        }
        catch
        {
            running.Lose(this, count);
            throw;
        }

        _hold.Count = count;
    }

    void IGrantor.TakeBack(Completion wait)
    {
        if (--_hold.Count == 0)
            PassOn();
    }

    void IOwned.Abandon(Hold hold, AbandonedLockException error)
    {
        _abandoned = error;
        while (_waiters.First is { } wait)
            wait.Fail(error.Again());
    }

    private bool TryTake(Coroutine running)
    {
        if (_hold.Owner is null)
        {
            if (_abandoned is not null)
                throw _abandoned.Again();
            running.AddHold(_hold);
            _hold.Count = 1;
            return true;
        }

        return _hold.Owner == running && TryReenter(_hold);
    }

    private ValueTask<LockLease> WaitAsync(CancellationToken cancellationToken)
    {
        ThrowIfHopeless(!cancellationToken.CanBeCanceled);
        Handover<LockLease> place = _places.Rent(new LockLease(this));
        place.Attach(_waiters.Begin(cancellationToken));
        return place.AsValue();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<LockLease> AcquireAfterTurnAsync(CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        return TryTake(Coroutine.Current) ? new LockLease(this) : await WaitAsync(cancellationToken);
    }

    private void ThrowIfHopeless(bool isForEver, bool isShielded = false)
    {
        Coroutine running = Coroutine.Current;
        if (_hold.Owner == running)
        {
            running.Scheduler.Failures.ThrowDeadlock(
                DeadlockException.OfItself(running, this, "Release it first, or use an AsyncReentrantLock."));
        }

        if (isForEver)
            WaitGraph.ThrowIfCircle(running, this, isShielded);
    }

    private void PassOn()
    {
        _hold.Owner!.RemoveHold(_hold);
        if (_waiters.First is not { } next)
            return;
        _hold.Count = 1;
        next.Coroutine.AddHold(_hold);
        next.Grant();
    }

    private void OnReleasedByStranger(Coroutine? running)
    {
        if (running?.TryReleaseLost(this) == true)
            return;
        string who = running is null ? "no coroutine runs here" : $"{running} does not hold it";
        throw new SynchronizationLockException($"{this} can't be released: {who}; {(_hold.Owner is { } owner ? $"{owner} does" : "it is free")}. "
            + "Its owner releases it, once for each time that it was acquired: a using block does.");
    }
}
