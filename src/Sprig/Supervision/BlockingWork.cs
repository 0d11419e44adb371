using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>Synchronous code that a coroutine has given to a <see cref="BlockingPool"/>, on its way to a thread and back.</summary>
internal abstract class BlockingWork(string description)
{
    private static readonly ContextCallback s_call = static self => ((BlockingWork)self!).Call();
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private readonly CoroutineScheduler _home = CoroutineScheduler.Current;
    private Exception? _error;
    private bool _isUnseen;

    /// <summary>Nobody waits for it any more. Guarded by the pool's gate.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Where it stands in the pool's line. Guarded by the pool's gate.</summary>
    internal LinkedListNode<BlockingWork>? Place { get; set; }

    private protected abstract CompletionSourceBase Untyped { get; }

    /// <summary>On a thread of the pool.</summary>
    internal void Run()
    {
        try
        {
            if (_flow is null)
                Call();
            else
                ExecutionContext.Run(_flow, s_call, this);
        }
#pragma warning disable CA1031 // Whatever it is, the waiter gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _error = e;
        }

        Post(Deliver);
    }

    /// <summary>It will never run. Any thread.</summary>
    internal void Drop() => Post(() => Untyped.TrySetCanceled());

    /// <summary>On the loop: who waited has gone.</summary>
    internal void OnAbandoned()
    {
        _isUnseen = true;
        // It had come for him, who has not run since: it is looked at here, and told.
        if (Untyped.Exception is not null)
            Post(Deliver);
    }

    private protected abstract void Call();

    private protected abstract void SetResult();

    private void Deliver()
    {
        if (_isUnseen)
        {
            if (_error is not null)
                throw new InvalidOperationException($"The {description} has failed, and nobody waits for it any more: {_error.Message}", _error);
        }
        else if (_error is not null)
        {
            Untyped.SetException(_error);
        }
        else
        {
            SetResult();
        }
    }

    private void Post(Action callback)
    {
        try
        {
            _home.Post(callback);
        }
        catch (InvalidOperationException)
        {
            // The run has ended meanwhile, and with it who waited.
        }
    }
}
