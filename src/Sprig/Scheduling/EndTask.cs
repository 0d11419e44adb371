namespace Sprig.Scheduling;

/// <summary>The end of a coroutine as a task.</summary>
/// <param name="resultOf">The result of one that has completed.</param>
internal sealed class EndTask<T>(Func<Coroutine, T> resultOf) : EndListener
{
    private readonly TaskCompletionSource<T> _source = new();

    internal Task<T> Task => _source.Task;

    internal override void OnEnded(Coroutine coroutine)
    {
        // With a context of the loop set, what awaits the task elsewhere is queued to the pool, and never runs in the middle of
        // this end; a WhenAll of such tasks still ends here and now.
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(coroutine.Context);
        if (coroutine.State == CoroutineState.Killed)
            _source.SetCanceled();
        else if (coroutine.Exception is { } exception)
            _source.SetException(exception);
        else
            _source.SetResult(resultOf(coroutine));
        SynchronizationContext.SetSynchronizationContext(before);
    }
}
