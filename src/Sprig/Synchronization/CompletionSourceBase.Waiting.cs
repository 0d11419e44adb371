using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>Those that wait for it, and those that are called back.</content>
public abstract partial class CompletionSourceBase
{
    private WaitQueue? _waiters;
    private List<Delegate>? _callbacks;

    /// <summary>Waits until it is completed; never throws its failure.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another scheduler, or no coroutine is running here.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
        => BeginWait(cancellationToken) is { } wait ? new ValueTask(wait, wait.Version) : default;

    /// <summary>Waits until it is completed or <paramref name="timeout"/> is over, and says whether it is completed; never
    /// throws its failure.</summary>
    /// <param name="timeout">Counted from now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _home.EnterLoop(this);
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        if (BeginWait(cancellationToken) is not { } wait)
            return new ValueTask<bool>(true);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return new ValueTask<bool>(wait, wait.Version);
    }

    /// <summary>Waits until it is completed; throws the very exception that was set, or <see cref="OperationCanceledException"/>
    /// when it was cancelled.</summary>
    public CompletionSourceAwaiter GetAwaiter() => new(this, BeginWait());

    /// <summary>Adds a callback that runs on the loop soon after the completion (soon if it is completed), never inline, in the
    /// order of adding. One that throws stops no other and is reported to the <see cref="SchedulerObserver"/>.</summary>
    /// <param name="callback">Gets this source.</param>
    public void AddDoneCallback(Action<CompletionSourceBase> callback) => AddCallback(callback);

    /// <summary>Begins a wait of the running coroutine; null when there is nothing to wait for. It may be completed already:
    /// then the coroutine's step has spent its budget, and the others go first.</summary>
    internal Completion? BeginWait(CancellationToken cancellationToken = default)
    {
        if (IsCompleted)
            return Completion.BeginTurnIfDue(this);
        _home.Enter(this);
        return (_waiters ??= new WaitQueue(this)).Begin(cancellationToken);
    }

    private protected void Link(Coroutine coroutine)
    {
        ArgumentNullException.ThrowIfNull(coroutine);
        _home.EnterLoop(this);
        coroutine.AddListener(new CompletionLink(this));
    }

    private protected void AddCallback(Delegate callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CoroutineScheduler scheduler = _home.EnterLoop(this);
        if (IsCompleted)
            CallSoon(scheduler, callback);
        else
            (_callbacks ??= []).Add(callback);
    }

    private protected bool RemoveCallback(Delegate callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _home.Check(this);
        return _callbacks?.Remove(callback) ?? false;
    }

    /// <summary>Calls what was given to <see cref="AddCallback"/>.</summary>
    private protected abstract void Call(Delegate callback);

    /// <summary>Asked before it is completed: the scheduler, or null when it is completed already.</summary>
    private protected CoroutineScheduler? Open()
    {
        if (CoroutineScheduler.CurrentOrNull is null)
        {
            throw new InvalidOperationException($"{this} can't be completed on thread {Environment.CurrentManagedThreadId}, where no scheduler runs. "
                + "From another thread let its scheduler do it: scheduler.Post(() => source.SetResult(...)).");
        }

        CoroutineScheduler scheduler = _home.EnterLoop(this);
        return IsCompleted ? null : scheduler;
    }

    private protected void Close(CoroutineScheduler scheduler, Ending ending)
    {
        _ending = ending;
        _waiters?.WakeAll();
        if (_callbacks is not { } callbacks)
            return;
        _callbacks = null;
        foreach (Delegate callback in callbacks)
            CallSoon(scheduler, callback);
    }

    private void CallSoon(CoroutineScheduler scheduler, Delegate callback) => scheduler.Ready.Enqueue(null, (Action)(() => Call(callback)), null);
}
