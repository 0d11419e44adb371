using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>A <see cref="PoolWork"/> without a result.</summary>
internal sealed class PlainPoolWork(CoroutinePool pool, CompletionSource outcome, Func<Coroutine> spawn) : PoolWork(pool)
{
    private protected override CompletionSourceBase Outcome => outcome;

    private protected override Coroutine SpawnBody() => spawn();

    private protected override void Follow(Coroutine coroutine) => outcome.CompleteFrom(coroutine);
}
