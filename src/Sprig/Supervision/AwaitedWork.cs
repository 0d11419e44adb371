using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>A <see cref="BlockingWork"/> that a coroutine waits for.</summary>
internal sealed class AwaitedWork<T>(Func<T> work, string description) : BlockingWork
{
    private readonly CoroutineScheduler _home = CoroutineScheduler.Current;
    private T? _result;
    private Exception? _error;
    private bool _isUnseen;

    /// <summary>What has come of it, on the loop of who waits.</summary>
    internal CompletionSource<T> Outcome { get; } = new(description);

    internal override void Drop() => Post(() => Outcome.TrySetCanceled());

    /// <summary>On the loop: who waited has gone.</summary>
    internal void OnAbandoned()
    {
        _isUnseen = true;
        // It had come for him, who has not run since: it is looked at here, and told.
        if (Outcome.Exception is not null)
            Post(Deliver);
    }

    private protected override void Call() => _result = work();

    private protected override void Tell(Exception? error)
    {
        _error = error;
        Post(Deliver);
    }

    private void Deliver()
    {
        if (_isUnseen)
        {
            if (_error is not null)
                throw new InvalidOperationException($"The {description} has failed, and nobody waits for it any more: {_error.Message}", _error);
        }
        else if (_error is not null)
        {
            Outcome.SetException(_error);
        }
        else
        {
            Outcome.SetResult(_result!);
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
