using System.Threading.Tasks.Sources;

namespace Sprig.Scheduling;

/// <summary>What awaits a wait, and how it is resumed.</summary>
internal sealed partial class Completion : IValueTaskSource, IValueTaskSource<bool>
{
    private static readonly Action<object?> s_resumeBare = static self => ((Completion)self!).ResumeBare();

    public ValueTaskSourceStatus GetStatus(short token)
    {
        CheckVersion(token);
        // Here as well as in OnCompleted: an await asks this first, and can throw it; what OnCompleted throws, the builders
        // turn into the end of the process.
        CheckThread();
        if (_continuation is not null && _status is (Status.Pending or Status.Refused or Status.Deferred))
            throw AwaitedAlready();
        return _status switch
        {
            Status.Pending or Status.Refused or Status.Deferred => ValueTaskSourceStatus.Pending,
            // So that a task made of a killed wait is cancelled, not faulted.
            Status.Failed => _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted,
            _ => ValueTaskSourceStatus.Succeeded,
        };
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _bare = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == 0;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
            _flow = ExecutionContext.Capture();
        OnCompleted(continuation, state, token);
    }

    internal void OnCompleted(Delegate continuation, object? state, short token)
    {
        CheckVersion(token);
        if (_continuation is not null)
            throw AwaitedAlready();
        CheckThread();
        _continuation = continuation;
        _state = state;
        if (_status == Status.Deferred)
            _status = Status.Succeeded;
        if (_status == Status.Refused)
            HangRefused();
        else if (_status != Status.Pending)
            Resume();
    }

    public bool GetResult(short token)
    {
        ThrowIfNotOver(token);
        // What was waited for may have ended in the tick in which the time was over: then it has ended.
        bool signaled = _status is Status.Succeeded or Status.Settled || (_status == Status.TimedOut && Blocker is IEnding { HasEnded: true });
        Exception? error = _error;
        Drop();
        return error is null ? signaled : throw error;
    }

    internal void ThrowIfNotOver(short token)
    {
        CheckVersion(token);
        if (!IsFinished)
            throw new InvalidOperationException("The wait has not ended; await it (blocking on it would stop the loop that is to end it).");
    }

    /// <summary>The wait is over, and nobody wants its result.</summary>
    internal void Drop()
    {
        _coroutine.RemoveWait(this);
        Recycle();
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    private void Resume()
    {
        if (_bare | _flow is not null)
            _scheduler.Ready.Enqueue(_coroutine, s_resumeBare, this);
        else
            _scheduler.Ready.Enqueue(_coroutine, _continuation!, _state);
    }

    // ConfigureAwait(false): library code that does not want the context back. Without one it stays on this thread all the
    // way up, since tasks run such continuations inline only where no context is set, and queue them to the pool elsewhere.
    private void ResumeBare()
    {
        if (_bare)
            SynchronizationContext.SetSynchronizationContext(null);
        if (_flow is null)
            Invoke();
        else
            ExecutionContext.Run(_flow, static self => ((Completion)self!).Invoke(), this);
    }

    private void Invoke()
    {
        if (_continuation is Action<object?> withState)
            withState(_state);
        else
            ((Action)_continuation!)();
    }

    private static InvalidOperationException AwaitedAlready() => new("This wait is awaited already; a ValueTask may be awaited once.");

    private void CheckThread()
    {
        if (!_scheduler.IsOnLoopThread)
            throw new InvalidOperationException("A wait of the loop was awaited on another thread; await it in the coroutine that began it.");
    }

    private void CheckVersion(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("This ValueTask was awaited before, and its wait is over; each may be awaited once.");
    }
}
