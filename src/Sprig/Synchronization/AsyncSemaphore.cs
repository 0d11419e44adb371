using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>So many permits, for as many coroutines at once. A permit that is given back goes to the one that has waited longest;
/// a newcomer does not overtake. Permits have no owner: any coroutine may give one back.</summary>
/// <remarks>Loop thread only; from other threads release by <see cref="CoroutineScheduler.Post"/>. Nothing here allocates.</remarks>
/// <example><code>
/// using (await semaphore.AcquireAsync())
///     await DownloadAsync();
/// </code></example>
public sealed class AsyncSemaphore : SynchronizationPrimitive, IGrantor
{
    private readonly HandoverPool<SemaphoreLease> _places = new();

    /// <summary>A semaphore.</summary>
    /// <param name="initialCount">How many permits there are at first, at least 0.</param>
    /// <param name="maxCount">How many there may be at most; without bound when null.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative count, a bound below 1, or fewer than there are at first.</exception>
    public AsyncSemaphore(int initialCount, int? maxCount = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncSemaphore), name, file, line))
    {
        Bound.ThrowIfLess(initialCount, 0, nameof(initialCount), this);
        if (maxCount is { } bound)
        {
            Bound.ThrowIfLess(bound, 1, nameof(maxCount), this);
            if (initialCount > bound)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(initialCount), initialCount, $"{this} can't begin with more permits than its {nameof(maxCount)}, {bound}.");
            }
        }

        CurrentCount = initialCount;
        MaxCount = maxCount;
    }

    /// <summary>How many permits are free.</summary>
    public int CurrentCount { get; private set; }

    /// <summary>How many may be free at most; null where there is no bound.</summary>
    public int? MaxCount { get; }

    /// <summary>Waits for a permit: <c>using (await semaphore.AcquireAsync())</c>.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <returns>What to dispose in order to give it back.</returns>
    /// <exception cref="CoroutineKilledException">Killed while it waited; it has no permit.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; it has no permit.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the semaphore belongs to another scheduler.</exception>
    public ValueTask<SemaphoreLease> AcquireAsync(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<SemaphoreLease>(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return AcquireAfterTurnAsync(cancellationToken);
        return TryAcquire() ? new ValueTask<SemaphoreLease>(new SemaphoreLease(this)) : WaitAsync(cancellationToken);
    }

    /// <summary>Takes a permit if there is one; never waits.</summary>
    public bool TryAcquire()
    {
        _waiters.Check();
        if (CurrentCount == 0)
            return false;
        CurrentCount--;
        return true;
    }

    /// <summary>Waits for a permit until <paramref name="timeout"/> is over; false when it was over first.</summary>
    /// <param name="timeout">From now; zero tries once; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="AcquireAsync"/>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<bool> TryAcquireAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _waiters.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        await Coroutine.CheckpointAsync();
        return TryAcquire() || await _waiters.WaitAsync(due, cancellationToken);
    }

    /// <summary>Gives permits back, to those that have waited longest first.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count below 1.</exception>
    /// <exception cref="SemaphoreFullException">More than <see cref="MaxCount"/> would be free; none was given back.</exception>
    public void Release(int count = 1)
    {
        Bound.ThrowIfLess(count, 1, nameof(count), this);
        _waiters.Check();
        long free = (long)CurrentCount + Math.Max(0, count - _waiters.Count);
        if (free > (MaxCount ?? int.MaxValue))
        {
            throw new SemaphoreFullException($"{this} holds at most {MaxCount ?? int.MaxValue} permits, and {CurrentCount} are free: {count} more can't be given back. "
                + "Release once for each acquired.");
        }

        while (count > 0 && _waiters.WakeOne())
            count--;
        CurrentCount += count;
    }

    // Never an error, as a release would be: where more was given back than taken, the one that is killed now has not done it.
    void IGrantor.TakeBack(Completion wait)
    {
        if (!_waiters.WakeOne() && CurrentCount < (MaxCount ?? int.MaxValue))
            CurrentCount++;
    }

    private ValueTask<SemaphoreLease> WaitAsync(CancellationToken cancellationToken)
    {
        Handover<SemaphoreLease> place = _places.Rent(new SemaphoreLease(this));
        place.Attach(_waiters.Begin(cancellationToken));
        return place.AsValue();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SemaphoreLease> AcquireAfterTurnAsync(CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        return TryAcquire() ? new SemaphoreLease(this) : await WaitAsync(cancellationToken);
    }
}
