using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>A <see cref="PoolWork"/> with a result: <c>await work</c> gives it.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public sealed class PoolWork<T> : PoolWork
{
    private readonly CompletionSource<T> _outcome;
    private readonly Func<Coroutine<T>> _spawn;

    internal PoolWork(CoroutinePool pool, CompletionSource<T> outcome, Func<Coroutine<T>> spawn)
        : base(pool)
    {
        _outcome = outcome;
        _spawn = spawn;
    }

    /// <summary>The result, without waiting; throws as an await of it does.</summary>
    /// <exception cref="InvalidOperationException">It has not ended: await it.</exception>
    public T Result => _outcome.Result;

    private protected override CompletionSourceBase Outcome => _outcome;

    /// <summary>Waits for the result and gives it; throws as <see cref="PoolWork.GetAwaiter"/> does.</summary>
    public new CompletionSourceAwaiter<T> GetAwaiter() => _outcome.GetAwaiter();

    private protected override Coroutine SpawnBody() => _spawn();

    private protected override void Follow(Coroutine coroutine) => _outcome.CompleteFrom((Coroutine<T>)coroutine);
}
