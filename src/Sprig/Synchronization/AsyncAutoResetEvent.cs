using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A signal that one waiter takes: each <see cref="Set"/> lets one go on, the one that has waited longest, or the next to
/// come. Setting it twice before anybody came counts once.</summary>
/// <remarks>Loop thread only; from other threads set it by <see cref="CoroutineScheduler.Post"/>. Nothing here allocates.</remarks>
public sealed class AsyncAutoResetEvent : SynchronizationPrimitive, IGrantor
{
    /// <inheritdoc cref="AsyncManualResetEvent(bool, string?, string, int)"/>
    public AsyncAutoResetEvent(bool isSet = false, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncAutoResetEvent), name, file, line))
    {
        IsSet = isSet;
    }

    /// <summary>Whether the next to come will not wait.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Lets the first waiter go on; where nobody waits, the next to come.</summary>
    public void Set()
    {
        _waiters.Check();
        if (!_waiters.WakeOne())
            IsSet = true;
    }

    /// <summary>Takes the signal back, if nobody has taken it.</summary>
    public void Reset()
    {
        _waiters.Check();
        IsSet = false;
    }

    /// <summary>Takes the signal if it is there; never waits.</summary>
    public bool TryWait()
    {
        _waiters.Check();
        bool taken = IsSet;
        IsSet = false;
        return taken;
    }

    /// <summary>Waits for the signal and takes it.</summary>
    /// <inheritdoc cref="AsyncManualResetEvent.WaitAsync(CancellationToken)"/>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return WaitAfterTurnAsync(cancellationToken);
        return TryWait() ? default : _waiters.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for the signal and takes it, true; or false when <paramref name="timeout"/> was over first.</summary>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _waiters.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        await Coroutine.CheckpointAsync();
        return TryWait() || await _waiters.WaitAsync(due, cancellationToken);
    }

    void IGrantor.TakeBack(Completion wait) => Set();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WaitAfterTurnAsync(CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        if (!TryWait())
            await _waiters.WaitAsync(cancellationToken);
    }
}
