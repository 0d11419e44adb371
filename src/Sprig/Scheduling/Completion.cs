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
internal sealed partial class Completion : Waiter
{
    private readonly CoroutineScheduler _scheduler;
    private Coroutine _coroutine = null!;
    private Delegate? _continuation;
    private object? _state;
    private Exception? _error;
    private ExecutionContext? _flow;
    private Status _status;
    private bool _bare;
    private bool _isShielded;
    private short _version;

    internal Completion(CoroutineScheduler scheduler) => _scheduler = scheduler;

    private enum Status : byte
    {
        Pooled,
        Pending,
        Succeeded,
        TimedOut,
        Failed,

        /// <summary>Failed from the start, but to be thrown only after a pause (see Begin).</summary>
        Refused,

        /// <summary>Succeeded from the start, but to be told only after a turn through the ready ring (see Defer).</summary>
        Deferred,

        /// <summary>Succeeded, and it can't be undone any more (see Settle).</summary>
        Settled,
    }

    /// <summary>The next wait of the same coroutine, or the next pooled one.</summary>
    internal Completion? NextOfOwner { get; set; }

    internal Coroutine Coroutine => _coroutine;

    /// <summary>What is waited for; its ToString stands in reports.</summary>
    internal object? Blocker { get; private set; }

    internal long Since { get; private set; }

    /// <summary>What the wait brings along for the grantor of its queue: a place for an item, or the item itself.</summary>
    internal object? Cargo { get; set; }

    /// <summary>The innermost deadline in force when the wait began.</summary>
    internal Deadline? Scope { get; private set; }

    internal short Version => _version;

    internal bool IsPending => _status == Status.Pending;

    internal bool CanFail => _status is Status.Pending or Status.Deferred or Status.Succeeded or Status.TimedOut;

    /// <summary>Whether a kill or a deadline may end it now.</summary>
    internal bool IsOpenToInterrupts => CanFail && (!_isShielded || _coroutine.IsStraggler);

    /// <summary>Has put its flow into the ready ring.</summary>
    internal bool IsResumed => IsFinished && _continuation is not null;

    internal bool IsFinished => _status is Status.Succeeded or Status.TimedOut or Status.Failed or Status.Settled;

    /// <summary>What was waited for has come.</summary>
    internal void Succeed() => Finish(Status.Succeeded, null);

    /// <summary>It is this one's turn, of all in the queue. If it is killed or out of time before it has run, the queue's owner
    /// takes back what it was granted.</summary>
    internal void Grant()
    {
        _grantor = _queue;
        Succeed();
    }

    /// <summary>What it was granted has had its effect: a kill or a deadline is now for the next wait.</summary>
    internal void Settle()
    {
        if (_status == Status.Succeeded)
            _status = Status.Settled;
    }

    /// <summary>The wait ends with an error and has taken nothing.</summary>
    internal void Fail(Exception error)
    {
        if (_status == Status.Pending)
            Finish(Status.Failed, error);
        else if (_status is Status.Succeeded or Status.TimedOut or Status.Deferred)
        {
            (_status, _error) = (Status.Failed, error);
            PassOn();
        }
    }

    /// <summary>Nothing to wait for, but the others go first.</summary>
    internal void Defer()
    {
        if (_status == Status.Pending)
            _status = Status.Deferred;
    }

    internal override void OnDue()
    {
        if (_status == Status.Refused)
            Finish(Status.Failed, _error);
        else
            Finish(_queue is null && _watcher is null ? Status.Succeeded : Status.TimedOut, null);
    }

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

    private void Finish(Status status, Exception? error)
    {
        WaitQueue? left = status is Status.Failed or Status.TimedOut ? _queue : null;
        Unhang();
        _status = status;
        _error = error;
        left?.OnWaiterLeft();
        if (_continuation is not null)
            Resume();
    }

    private void PassOn()
    {
        WaitQueue? grantor = _grantor;
        _grantor = null;
        grantor?.TakeBack(this);
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
        _isShielded = false;
        Blocker = null;
        Cargo = null;
        Scope = null;
        _grantor = null;
        _coroutine = null!;
        if (LetGoOfToken())
            _scheduler.ReturnCompletion(this);
    }
}
