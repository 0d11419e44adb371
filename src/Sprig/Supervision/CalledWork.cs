using System.Runtime.ExceptionServices;

namespace Sprig.Supervision;

/// <summary>A <see cref="BlockingWork"/> for which a thread stands still.</summary>
internal sealed class CalledWork<T>(Func<T> work) : BlockingWork
{
    // Never disposed: its thread may still be in Set when the waiter goes on, and it holds no handle.
    private readonly ManualResetEventSlim _ended = new();
    private ExceptionDispatchInfo? _error;
    private T? _result;

    internal T Wait()
    {
        _ended.Wait();
        _error?.Throw();
        return _result!;
    }

    internal override void Drop() => Tell(new OperationCanceledException("The pool was shut down before it was this work's turn."));

    private protected override void Call() => _result = work();

    private protected override void Tell(Exception? error)
    {
        if (error is not null)
            _error = ExceptionDispatchInfo.Capture(error);
        _ended.Set();
    }
}
