using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A lock that many readers may hold at once, or one writer. First come first served: a reader that comes behind a
/// waiting writer waits too, so neither kind starves.</summary>
/// <remarks>Loop thread only. Nothing here allocates in the steady state. A reader may read again; a writer may not, and a reader
/// can't become a writer: it would wait for itself, and gets a <see cref="DeadlockException"/> at once. One that ends with it in
/// hand fails with an <see cref="AbandonedLockException"/>, and so do those that want the lock then.</remarks>
public sealed partial class AsyncReaderWriterLock : SynchronizationPrimitive, IOwned, IGrantor
{
    private readonly HandoverPool<ReaderWriterLease> _places = new();
    private AbandonedLockException? _abandoned;

    /// <inheritdoc cref="AsyncLock(string?, string, int)"/>
    public AsyncReaderWriterLock(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncReaderWriterLock), name, file, line))
    {
    }

    /// <summary>How many coroutines read.</summary>
    public int ReaderCount { get; private set; }

    /// <summary>Whether one writes.</summary>
    public bool IsWriteHeld { get; private set; }

    /// <summary>The writer, how many wait, how often somebody had to.</summary>
    public override SynchronizationStatistics Statistics => new(IsWriteHeld ? _first!.Owner : null, _waiters.Count, _waiters.TotalWaits);

    /// <summary>Waits until the running coroutine may read: <c>using (await theLock.AcquireReadAsync())</c>.</summary>
    /// <inheritdoc cref="OwnedLock.AcquireAsync"/>
    public ValueTask<ReaderWriterLease> AcquireReadAsync(CancellationToken cancellationToken = default) => AcquireAsync(isWrite: false, cancellationToken);

    /// <summary>Waits until the running coroutine may write: <c>using (await theLock.AcquireWriteAsync())</c>.</summary>
    /// <inheritdoc cref="OwnedLock.AcquireAsync"/>
    public ValueTask<ReaderWriterLease> AcquireWriteAsync(CancellationToken cancellationToken = default) => AcquireAsync(isWrite: true, cancellationToken);

    /// <summary>Takes it for reading if that needs no wait.</summary>
    public bool TryAcquireRead() => TryTake(_waiters.Enter().RunningOrThrow, isWrite: false);

    /// <summary>Takes it for writing if that needs no wait.</summary>
    public bool TryAcquireWrite() => TryTake(_waiters.Enter().RunningOrThrow, isWrite: true);

    /// <summary>Waits until the running coroutine may read, or <paramref name="timeout"/> is over; false when it was over first.</summary>
    /// <inheritdoc cref="OwnedLock.TryAcquireAsync"/>
    public ValueTask<bool> TryAcquireReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
        => TryAcquireAsync(isWrite: false, timeout, cancellationToken);

    /// <summary>Waits until the running coroutine may write, or <paramref name="timeout"/> is over; false when it was over first.</summary>
    /// <inheritdoc cref="OwnedLock.TryAcquireAsync"/>
    public ValueTask<bool> TryAcquireWriteAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
        => TryAcquireAsync(isWrite: true, timeout, cancellationToken);

    /// <summary>Stops reading.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not read.</exception>
    public void ReleaseRead() => Release(isWrite: false);

    /// <summary>Stops writing.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not write.</exception>
    public void ReleaseWrite() => Release(isWrite: true);

    private ValueTask<ReaderWriterLease> AcquireAsync(bool isWrite, CancellationToken cancellationToken)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReaderWriterLease>(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return AcquireAfterTurnAsync(isWrite, cancellationToken);
        return TryTake(scheduler.RunningOrThrow, isWrite)
            ? new ValueTask<ReaderWriterLease>(new ReaderWriterLease(this, isWrite))
            : WaitAsync(isWrite, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<ReaderWriterLease> AcquireAfterTurnAsync(bool isWrite, CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        return TryTake(Coroutine.Current, isWrite) ? new ReaderWriterLease(this, isWrite) : await WaitAsync(isWrite, cancellationToken);
    }

    private ValueTask<ReaderWriterLease> WaitAsync(bool isWrite, CancellationToken cancellationToken)
    {
        ThrowIfHopeless(isWrite, !cancellationToken.CanBeCanceled);
        Handover<ReaderWriterLease> place = _places.Rent(new ReaderWriterLease(this, isWrite));
        Completion wait = _waiters.Begin(cancellationToken);
        place.Attach(wait);
        wait.Cargo = isWrite ? s_write : s_read;
        return place.AsValue();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> TryAcquireAsync(bool isWrite, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        await Coroutine.CheckpointAsync();
        if (TryTake(scheduler.RunningOrThrow, isWrite))
            return true;
        ThrowIfHopeless(isWrite, due == long.MaxValue && !cancellationToken.CanBeCanceled);
        Completion wait = _waiters.Begin(cancellationToken);
        wait.Cargo = isWrite ? s_write : s_read;
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return await new ValueTask<bool>(wait, wait.Version);
    }
}
