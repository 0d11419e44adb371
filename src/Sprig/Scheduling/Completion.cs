using System.Threading.Tasks.Sources;
using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>One wait of one coroutine: for a time, a place in a <see cref="WaitQueue"/>, a descriptor, or the first of
/// these. Pooled; every waiting of Sprig goes through this one class.</summary>
/// <remarks>
/// Life: Pooled -> Pending (begun; hung on what wakes it) -> Succeeded | TimedOut | Failed (its coroutine is made ready)
/// -> Pooled (the result was taken). The version counts the lives, so that a stale ValueTask fails loudly.
/// A kill or a deadline may still turn Succeeded into Failed before the coroutine ran.
/// Unlike ManualResetValueTaskSourceCore it puts the continuation straight into the ready ring: no post, no allocation.
/// </remarks>
internal sealed partial class Completion : Waiter, IValueTaskSource, IValueTaskSource<bool>
{
    private static readonly Action<object?> s_resumeBare = static self => ((Completion)self!).ResumeBare();

    private readonly CoroutineScheduler _scheduler;
    private Coroutine _coroutine = null!;
    private Delegate? _continuation;
    private object? _state;
    private Exception? _error;
    private ExecutionContext? _flow;
    private Status _status;
    private bool _bare;
    private short _version;

    internal Completion(CoroutineScheduler scheduler) => _scheduler = scheduler;

    private enum Status : byte
    {
        Pooled,
        Pending,
        Succeeded,
        TimedOut,
        Failed,

        /// <summary>Succeeded or failed from the start, but to be told only after a turn through the ready ring.</summary>
        Deferred,
    }

    /// <summary>The next wait of the same coroutine, or the next pooled one.</summary>
    internal Completion? NextOfOwner { get; set; }

    internal Coroutine Coroutine => _coroutine;

    /// <summary>What is waited for; its ToString stands in reports.</summary>
    internal object? Blocker { get; private set; }

    internal long Since { get; private set; }

    /// <summary>The innermost deadline in force when the wait began.</summary>
    internal Deadline? Scope { get; private set; }

    internal short Version => _version;

    internal bool IsPending => _status == Status.Pending;

    internal bool CanFail => _status is Status.Pending or Status.Succeeded or Status.TimedOut;

    /// <summary>Has put its flow into the ready ring.</summary>
    internal bool IsResumed => IsFinished && _continuation is not null;

    internal bool IsFinished => _status is Status.Succeeded or Status.TimedOut or Status.Failed;

    /// <summary>Starts a wait of the running coroutine. The caller hangs it on what wakes it if it <see cref="IsPending"/>;
    /// it is not when a kill or a deadline was due for delivery.</summary>
    internal static Completion Begin(object blocker)
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        return Begin(scheduler, scheduler.RunningOrThrow, blocker);
    }

    internal static Completion Begin(CoroutineScheduler scheduler, Coroutine coroutine, object blocker)
    {
        Completion wait = scheduler.RentCompletion();
        wait._coroutine = coroutine;
        wait.Blocker = blocker;
        wait.Since = scheduler.TickTime;
        wait.Scope = coroutine.InnermostDeadline;
        wait._status = Status.Pending;
        coroutine.AddWait(wait);
        if (coroutine.HasInterrupt)
        {
            wait._error = coroutine.TakeInterrupt();
            // A straggler that catches everything would spin without ever leaving its step: let it take a turn.
            wait._status = coroutine.IsStraggler ? Status.Deferred : Status.Failed;
        }

        return wait;
    }

    /// <summary>What was waited for has come. The caller has unlinked it from where it hung.</summary>
    internal void Succeed() => Finish(Status.Succeeded, null);

    /// <summary>The wait ends with an error and has taken nothing.</summary>
    internal void Fail(Exception error)
    {
        if (_status == Status.Pending)
            Finish(Status.Failed, error);
        else if (_status is Status.Succeeded or Status.TimedOut)
            (_status, _error) = (Status.Failed, error);
        else if (_status == Status.Deferred)
            _error ??= error;
    }

    /// <summary>Nothing to wait for, but the others go first.</summary>
    internal void Defer()
    {
        if (_status == Status.Pending)
            _status = Status.Deferred;
    }

    internal override void OnDue() => Finish(_queue is null && _watcher is null ? Status.Succeeded : Status.TimedOut, null);

    internal override void OnReady()
    {
        _watcher = null;
        Finish(Status.Succeeded, null);
    }

    internal override void OnClosed(string device)
    {
        _watcher = null;
        Finish(Status.Failed, new ObjectDisposedException(device));
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        CheckVersion(token);
        return _status switch
        {
            Status.Pending or Status.Deferred => ValueTaskSourceStatus.Pending,
            Status.Failed => ValueTaskSourceStatus.Faulted,
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
            throw new InvalidOperationException("This wait is awaited already; a ValueTask may be awaited once.");
        if (!_scheduler.IsOnLoopThread)
            throw new InvalidOperationException("A wait of the loop was awaited on another thread; await it in the coroutine that began it.");
        _continuation = continuation;
        _state = state;
        if (_status == Status.Deferred)
            _status = _error is null ? Status.Succeeded : Status.Failed;
        if (_status != Status.Pending)
            Resume();
    }

    public bool GetResult(short token)
    {
        CheckVersion(token);
        if (!IsFinished)
            throw new InvalidOperationException("The wait has not ended; await it (blocking on it would stop the loop that is to end it).");
        // A joined coroutine may have ended in the tick in which the time was over: then it has ended.
        bool signaled = _status == Status.Succeeded || (_status == Status.TimedOut && Blocker is Coroutine { IsAlive: false });
        Exception? error = _error;
        _coroutine.RemoveWait(this);
        Recycle();
        return error is null ? signaled : throw error;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    private void Finish(Status status, Exception? error)
    {
        Unhang();
        _status = status;
        _error = error;
        if (_continuation is not null)
            Resume();
    }

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

    private void CheckVersion(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("This ValueTask was awaited before, and its wait is over; each may be awaited once.");
    }

    private void Recycle()
    {
        _version++;
        _status = Status.Pooled;
        _continuation = null;
        _state = null;
        _error = null;
        _flow = null;
        _bare = false;
        Blocker = null;
        Scope = null;
        _cancellation.Unregister();
        _cancellation = default;
        _coroutine = null!;
        _scheduler.ReturnCompletion(this);
    }
}
