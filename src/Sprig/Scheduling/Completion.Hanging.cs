using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>Where a wait hangs, and how it is taken down: the undo that a cancellation can never forget.</summary>
internal sealed partial class Completion
{
    /// <summary>How long a straggler's wait takes to throw: so that one that waits in a loop neither eats the processor nor,
    /// being always ready, keeps virtual time from moving on.</summary>
    private static readonly TimeSpan s_refusal = TimeSpan.FromMilliseconds(1);

    private WaitQueue? _queue;
    private WaitQueue? _grantor;
    private FdWatcher? _watcher;
    private CancellationTokenRegistration _cancellation;

    internal Completion? NextInQueue { get; set; }

    internal Completion? PreviousInQueue { get; set; }

    /// <summary>Whether something outside the loop (a cancellation token) may end it.</summary>
    internal bool HasOutsideSource => _cancellation != default;

    /// <summary>Whether it ends some day even if what it waits for never comes.</summary>
    internal bool EndsByItself => IsTimed || HasOutsideSource || _watcher is not null || !IsPending || (!_isShielded && Scope is { CanPass: true });

    /// <summary>A sleep without end: it waits for a kill, and nothing else.</summary>
    internal bool IsForKill => ReferenceEquals(Blocker, SleepAwaitable.Forever);

    /// <summary>Whether the continuation is the async method whose task is <paramref name="body"/>.</summary>
    internal bool IsAwaitedBy(Task body)
    {
        object? awaiter = _continuation is Action ? _continuation : _state;
        // Our own methods in between wait for this one thing and nothing else.
        while (awaiter is Action or LoopMethodBox)
            awaiter = awaiter is Action action ? action.Target : ((LoopMethodBox)awaiter).Awaiter;
        return ReferenceEquals(awaiter, body) && _cancellation == default;
    }

    /// <summary>Its coroutine has ended, and a flow that it left behind waits: it must not take what others wait for too.</summary>
    internal void LeaveQueue()
    {
        if (_queue is not null || _grantor is not null)
            Fail(new InvalidOperationException($"{_coroutine} has ended; a flow that it left behind can't wait for {Blocker} any more."));
    }

    internal void HangOn(WaitQueue queue)
    {
        if (IsPending)
        {
            _queue = queue;
            queue.Append(this);
            if (!_coroutine.IsAlive)
                LeaveQueue();
        }
    }

    internal void HangOnTime(long due)
    {
        if (IsPending)
            _scheduler.Timers.Add(this, due);
    }

    internal void HangOnReader(FdWatcher watcher)
    {
        if (IsPending)
        {
            watcher.ArmReader(this);
            _watcher = watcher;
        }
    }

    internal void HangOnWriter(FdWatcher watcher)
    {
        if (IsPending)
        {
            watcher.ArmWriter(this);
            _watcher = watcher;
        }
    }

    /// <summary>The wait ends with <see cref="OperationCanceledException"/> when the token is cancelled, on any thread.</summary>
    internal void HangOnToken(CancellationToken token)
    {
        // Its own coroutine's token tells of the kill, which ends the wait anyway.
        if (IsPending && token.CanBeCanceled && (_isShielded || !_coroutine.IsOwnToken(token)))
            Register(_version, token);
    }

    // Apart: the closure is made where the method begins, and most waits have no token.
    private void Register(short version, CancellationToken token)
    {
        _cancellation = token.UnsafeRegister((_, cancelled) => Post(version, cancelled), null);
        if (IsFinished)
            _cancellation.Unregister();
    }

    // A cancellation may come late, when this object serves another wait already: the version tells.
    private void Post(short version, CancellationToken token)
    {
        if (_scheduler.IsOnLoopThread)
            Cancel(version, token);
        else
            _scheduler.Inbox.Post(null, (Action)(() => Cancel(version, token)), null);
    }

    private void Cancel(short version, CancellationToken token)
    {
        if (version == _version)
            Fail(new OperationCanceledException(token));
    }

    /// <summary>Its coroutine was given up: the wait takes nothing any more and is never resumed.</summary>
    internal void TakeDown()
    {
        if (_status is Status.Pending or Status.Refused)
            Unhang();
        else if (_status is Status.Succeeded)
            PassOn();
    }

    private void HangRefused()
    {
        if (_coroutine.IsAlive)
            _scheduler.Timers.Add(this, (new MonotonicTime(_scheduler.Now) + s_refusal).Nanoseconds);
    }

    private void Unhang()
    {
        if (IsTimed)
            _scheduler.Timers.Remove(this);
        if (_queue is not null)
        {
            _queue.Unlink(this);
            _queue = null;
        }

        if (_watcher is not null)
        {
            _watcher.Disarm(this);
            _watcher = null;
        }
    }
}
