using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>What was submitted to a <see cref="CoroutinePool"/>: pending, then running, then completed. <c>await work</c> waits for its
/// end and throws its error.</summary>
/// <remarks>Loop thread only. A failure that nobody looks at, here or at the <see cref="Coroutine"/>, is reported as that one's.</remarks>
public abstract class PoolWork : IPoolTurn
{
    private readonly CoroutinePool _pool;
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private bool _wasCanceled;

    private protected PoolWork(CoroutinePool pool) => _pool = pool;

    /// <summary>The coroutine that runs it, or has; null while it is pending, and where it was cancelled before its turn.</summary>
    public Coroutine? Coroutine { get; private set; }

    /// <summary>Whether it has begun and not ended.</summary>
    public bool IsRunning => Coroutine is not null && !IsCompleted;

    /// <summary>Whether it has ended: with a result, a failure, cancelled or killed.</summary>
    public bool IsCompleted => Outcome.IsCompleted;

    /// <summary>Whether it has failed.</summary>
    public bool IsFaulted => Outcome.IsFaulted;

    /// <summary>Whether it was cancelled before its turn, or killed.</summary>
    public bool IsCanceled => Outcome.IsCanceled;

    /// <summary>The failure; null where there is none. Reading it counts as looking at it.</summary>
    public Exception? Exception => Outcome.Exception;

    private protected abstract CompletionSourceBase Outcome { get; }

    /// <summary>Takes it out of the line if it is pending: it never runs, and its callbacks are called. False when it has begun: kill
    /// its <see cref="Coroutine"/> then.</summary>
    public bool Cancel()
    {
        if (_wasCanceled)
            return true;
        if (IsCompleted || Coroutine is not null)
            return false;
        _pool.Leave(this);
        Drop();
        return true;
    }

    /// <summary>Waits until it has ended; never throws its error.</summary>
    /// <inheritdoc cref="CompletionSourceBase.WaitAsync(CancellationToken)"/>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default) => Outcome.WaitAsync(cancellationToken);

    /// <summary>Waits until it has ended or <paramref name="timeout"/> is over, and says whether it has ended; never throws its error.</summary>
    /// <inheritdoc cref="CompletionSourceBase.WaitAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => Outcome.WaitAsync(timeout, cancellationToken);

    /// <summary>Adds a callback that runs on the loop soon after the end (soon if it has ended), never inline, in the order of adding.
    /// One that throws stops no other and is reported to the <see cref="SchedulerObserver"/>.</summary>
    /// <param name="callback">Gets this work.</param>
    public void AddDoneCallback(Action<PoolWork> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Outcome.AddDoneCallback(_ => callback(this));
    }

    /// <summary>Waits for its end; throws the very exception that its body threw, or <see cref="OperationCanceledException"/> where it
    /// was cancelled or killed.</summary>
    public CompletionSourceAwaiter GetAwaiter() => Outcome.GetAwaiter();

    void IPoolTurn.OnTurn() => Start();

    void IPoolTurn.OnDropped() => Drop();

    /// <summary>It has a place.</summary>
    internal void Start()
    {
        // In the flow, and with the AsyncLocals, of who submitted it.
        if (_flow is null)
            Coroutine = SpawnBody();
        else
            ExecutionContext.Run(_flow, static self => ((PoolWork)self!).Coroutine = ((PoolWork)self).SpawnBody(), this);
        _pool.Begin(Coroutine!);
        // Behind the pool's own callback: when somebody goes on who has waited for the end, the place is free.
        Coroutine!.AddDoneCallback(Follow);
    }

    private protected abstract Coroutine SpawnBody();

    private protected abstract void Follow(Coroutine coroutine);

    private void Drop()
    {
        _wasCanceled = true;
        Outcome.SetCanceled();
    }
}
