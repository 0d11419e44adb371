namespace Sprig.Scheduling;

/// <summary>A user's callback for the end of a coroutine: run by the loop, soon.</summary>
internal sealed class DoneCallback(Action<Coroutine> callback, CoroutineOutcomes when) : EndListener
{
    private static readonly Action<object?> s_call = static self => ((DoneCallback)self!).Call();

    private Coroutine _coroutine = null!;

    internal Action<Coroutine> Callback => callback;

    internal override void OnEnded(Coroutine coroutine)
    {
        CoroutineOutcomes outcome = coroutine.State switch
        {
            CoroutineState.Completed => CoroutineOutcomes.Completed,
            CoroutineState.Faulted => CoroutineOutcomes.Faulted,
            _ => CoroutineOutcomes.Killed,
        };
        if ((when & outcome) == 0)
            return;
        _coroutine = coroutine;
        coroutine.Scheduler.Ready.Enqueue(null, s_call, this);
    }

    private void Call() => callback(_coroutine);
}
