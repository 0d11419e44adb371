using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A lock that a coroutine owns: what <see cref="AsyncLock"/> and <see cref="AsyncReentrantLock"/> have in common.
/// Whoever releases it hands it to the one that has waited longest; a newcomer does not overtake.</summary>
/// <remarks>Loop thread only. Acquiring, waiting and releasing allocate nothing. A coroutine that waits for a lock in a circle
/// of locks gets a <see cref="DeadlockException"/> as the circle closes; one that ends with a lock in hand fails with an
/// <see cref="AbandonedLockException"/>, and so do those that want the lock then.</remarks>
public abstract partial class OwnedLock : SynchronizationPrimitive, IOwned, IGrantor
{
    private readonly Hold _hold;
    private readonly HandoverPool<LockLease> _places = new();
    private AbandonedLockException? _abandoned;

    private protected OwnedLock(Label label)
        : base(label)
    {
        _hold = new Hold(this);
    }

    /// <summary>Whether a coroutine holds it.</summary>
    public bool IsHeld => _hold.Owner is not null;

    /// <summary>Whether the running coroutine holds it.</summary>
    public bool IsHeldByCurrent => _hold.Owner is { } owner && owner == CoroutineScheduler.CurrentOrNull?.Running;

    /// <summary>Who holds it, how many wait, how often somebody had to.</summary>
    public override SynchronizationStatistics Statistics => new(_hold.Owner, _waiters.Count, _waiters.TotalWaits);

    Hold? IOwned.FirstHold => _hold.Owner is null ? null : _hold;

    /// <summary>Waits until the lock is the running coroutine's: <c>using (await theLock.AcquireAsync())</c>.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <returns>What to dispose in order to release it.</returns>
    /// <exception cref="DeadlockException">It would never come: the coroutine would wait for itself, or close a circle of locks.</exception>
    /// <exception cref="AbandonedLockException">Its holder has ended without releasing it.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited; it has not got the lock.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; it has not got the lock.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the lock belongs to another scheduler.</exception>
    public ValueTask<LockLease> AcquireAsync(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<LockLease>(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return AcquireAfterTurnAsync(cancellationToken);
        return TryTake(scheduler.RunningOrThrow) ? new ValueTask<LockLease>(new LockLease(this)) : WaitAsync(cancellationToken);
    }

    /// <summary>Takes the lock if it is free; never waits.</summary>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the lock belongs to another scheduler.</exception>
    public bool TryAcquire() => TryTake(_waiters.Enter().RunningOrThrow);

    /// <summary>Waits for the lock until <paramref name="timeout"/> is over; false when it was over first.</summary>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="AcquireAsync"/>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<bool> TryAcquireAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        await Coroutine.CheckpointAsync();
        if (TryTake(scheduler.RunningOrThrow))
            return true;
        ThrowIfHopeless(due == long.MaxValue && !cancellationToken.CanBeCanceled);
        return await _waiters.WaitAsync(due, cancellationToken);
    }

    /// <summary>Lets go of it, and hands it to the one that has waited longest.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold it.</exception>
    public void Release()
    {
        Coroutine? running = CoroutineScheduler.CurrentOrNull?.Running;
        if (running is null || running != _hold.Owner)
            OnReleasedByStranger(running);
        else if (--_hold.Count == 0)
            PassOn();
    }

    private protected int HoldCount => _hold.Count;

    /// <summary>The owner wants it once more; whether it gets it.</summary>
    private protected abstract bool TryReenter(Hold hold);
}
