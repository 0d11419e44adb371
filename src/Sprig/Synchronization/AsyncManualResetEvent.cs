using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A gate: while it is set, nobody waits. Setting it wakes all who wait, even when it is reset in the same breath.</summary>
/// <remarks>Loop thread only; from other threads set it by <see cref="CoroutineScheduler.Post"/>. Nothing here allocates.</remarks>
public sealed class AsyncManualResetEvent : SynchronizationPrimitive
{
    /// <summary>An event, not set unless said so.</summary>
    /// <param name="isSet">Whether it is set from the start.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public AsyncManualResetEvent(bool isSet = false, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label(nameof(AsyncManualResetEvent), name, file, line))
    {
        IsSet = isSet;
    }

    /// <summary>Whether waiting would go on at once.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Sets it and wakes all who wait.</summary>
    public void Set()
    {
        _waiters.Check();
        IsSet = true;
        _waiters.WakeAll();
    }

    /// <summary>From now on one has to wait. Those whom <see cref="Set"/> woke go on all the same.</summary>
    public void Reset()
    {
        _waiters.Check();
        IsSet = false;
    }

    /// <summary>Goes on when it is set.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="CoroutineKilledException">Killed while it waited.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the event belongs to another scheduler.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        _waiters.Enter();
        if (!IsSet)
            return _waiters.WaitAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return Coroutine.CheckpointAsync();
    }

    /// <summary>Goes on when it is set, true, or when <paramref name="timeout"/> is over, false.</summary>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _waiters.Enter();
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        if (!IsSet)
            return await _waiters.WaitAsync(due, cancellationToken);
        await WaitAsync(cancellationToken);
        return true;
    }
}
