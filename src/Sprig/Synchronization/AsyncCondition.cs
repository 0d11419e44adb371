using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>Waiting, with a lock in hand, until what the lock guards has changed: the lock is free meanwhile, and held again
/// afterwards, however the wait ended.</summary>
/// <remarks>Loop thread only. Nothing here allocates in the steady state. As a waiter must have its lock back before it can
/// unwind, a kill or a deadline in the meantime waits for that too, until the grace time is over.</remarks>
/// <example><code>
/// using (await condition.Lock.AcquireAsync())
///     await condition.WaitUntilAsync(() => stock > 0);
/// </code></example>
public sealed class AsyncCondition : SynchronizationPrimitive
{
    /// <summary>A condition.</summary>
    /// <param name="guard">The lock that guards what is waited for; a new <see cref="AsyncLock"/> unless given. Several conditions
    /// may share one.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public AsyncCondition(OwnedLock? guard = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncCondition), name, file, line))
    {
        Lock = guard ?? new AsyncLock(name is null ? null : $"the lock of {name}", file, line);
    }

    /// <summary>The lock that guards it.</summary>
    public OwnedLock Lock { get; }

    /// <summary>Who holds the lock, how many wait for a notification, how often somebody did.</summary>
    public override SynchronizationStatistics Statistics => new(Lock.Statistics.Owner, _waiters.Count, _waiters.TotalWaits);

    /// <summary>Lets go of the lock, waits for a notification, and takes the lock again. Look at what you wait for again
    /// afterwards, in a loop: another may have been faster. <see cref="WaitUntilAsync"/> is that loop.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold the lock.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited; it holds the lock again.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; it holds the lock again.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken = default) => await WaitAsync(long.MaxValue, cancellationToken);

    /// <summary><see cref="WaitAsync(CancellationToken)"/> with a time limit; false when it was over first. The lock is held again
    /// either way.</summary>
    /// <param name="timeout">From now, for the notification; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _waiters.Enter();
        return WaitAsync(MonotonicTime.DueAfter(timeout, nameof(timeout)), cancellationToken);
    }

    /// <summary>Waits until <paramref name="predicate"/> is true, asked with the lock in hand: first at once, then after each
    /// notification.</summary>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public async ValueTask WaitUntilAsync(Func<bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        _waiters.Enter();
        Lock.ThrowIfNotHeld(this);
        await Coroutine.CheckpointAsync();
        while (!predicate())
            await WaitAsync(long.MaxValue, cancellationToken);
    }

    /// <summary>Wakes those that have waited longest. One that is killed before it has run leaves its turn to the next.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count below 1.</exception>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold the lock.</exception>
    public void Notify(int count = 1)
    {
        Bound.ThrowIfLess(count, 1, nameof(count), this);
        Lock.ThrowIfNotHeld(this);
        while (count-- > 0 && _waiters.WakeOne())
        {
        }
    }

    /// <summary>Wakes all that wait.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold the lock.</exception>
    public void NotifyAll()
    {
        Lock.ThrowIfNotHeld(this);
        _waiters.WakeAll();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(long due, CancellationToken cancellationToken)
    {
        _waiters.Enter();
        Lock.ThrowIfNotHeld(this);
        cancellationToken.ThrowIfCancellationRequested();
        int count = Lock.ReleaseAll();
        try
        {
            return await _waiters.WaitAsync(due, cancellationToken);
        }
        finally
        {
            await Lock.RestoreAsync(count);
        }
    }
}
