using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>Hands the end of a coroutine to a completion source.</summary>
internal sealed class CompletionLink(CompletionSourceBase source) : EndListener
{
    internal override void OnEnded(Coroutine coroutine) => source.TakeEnd(coroutine);
}
