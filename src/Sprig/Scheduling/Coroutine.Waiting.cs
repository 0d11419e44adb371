namespace Sprig.Scheduling;

/// <content>Waiting for the end of another, and what a coroutine says of itself.</content>
public partial class Coroutine
{
    /// <summary>The coroutine that runs on this thread now.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static Coroutine Current => CoroutineScheduler.Current.RunningOrThrow;

    /// <summary>The coroutine that runs on this thread now; null in callbacks of the loop, and where no scheduler runs.</summary>
    public static Coroutine? CurrentOrNull => CoroutineScheduler.CurrentOrNull?.Running;

    /// <summary>Lets everything that is ready run once, then timers and IO, and goes on. A loop of yields starves neither.</summary>
    /// <exception cref="CoroutineKilledException">Thrown by the await when the coroutine was killed meanwhile.</exception>
    public static YieldAwaitable Yield() => new(Current);

    /// <summary>For what may complete at once, over and over: goes on at once as a rule, and now and then lets the others run, when the
    /// step has spent its budget of such operations. A kill or a deadline that is due is thrown here.</summary>
    public static ValueTask CheckpointAsync()
        => Completion.BeginTurnIfDue("its turn") is { } turn ? new ValueTask(turn, turn.Version) : default;

    /// <summary>Waits for a time span, counted from now; never less. Zero yields.</summary>
    /// <param name="duration"><see cref="Timeout.InfiniteTimeSpan"/> waits until killed.</param>
    /// <exception cref="CoroutineKilledException">Thrown by the await when the coroutine was killed.</exception>
    /// <exception cref="DeadlineExceededException">Thrown by the await when a <see cref="Deadline"/> around it has passed.</exception>
    public static SleepAwaitable Sleep(TimeSpan duration) => new(MonotonicTime.DueAfter(duration, nameof(duration)));

    /// <summary>Waits until a moment; one that is over yields. Sleeping to absolute times does not drift: see <see cref="Ticker"/>.</summary>
    /// <inheritdoc cref="Sleep"/>
    public static SleepAwaitable SleepUntil(MonotonicTime deadline) => new(deadline.Nanoseconds);

    /// <summary>Waits for its end and says whether it has ended; never throws its error. Without a timeout always true.</summary>
    /// <param name="timeout">How long to wait, from now.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread; the coroutine goes on.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        long due = DueAfterOrNever(timeout);
        return JoinUntilAsync(due, cancellationToken);
    }

    private ValueTask<bool> JoinUntilAsync(long due, CancellationToken cancellationToken = default)
    {
        if (IsAlive)
            return JoinAsync(due, this, cancellationToken);
        return Completion.BeginTurnIfDue(this) is { } turn ? new ValueTask<bool>(turn, turn.Version) : new ValueTask<bool>(true);
    }

    /// <summary>Waits for its end: goes on when the body returned, rethrows the very exception when it failed, throws
    /// <see cref="CoroutineKilledException"/> when it was killed.</summary>
    public CoroutineAwaiter GetAwaiter() => new(this, BeginJoin());

    /// <summary>Waits for its end, or until <paramref name="due"/>, in the name of <paramref name="blocker"/>.</summary>
    internal ValueTask<bool> JoinAsync(long due, object blocker, CancellationToken cancellationToken = default)
    {
        ThrowIfForeign();
        if (due == long.MaxValue && !cancellationToken.CanBeCanceled)
            ThrowIfCircle();
        Completion wait = Completion.Begin(blocker);
        JoinBy(wait);
        wait.HangOnToken(cancellationToken);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return new ValueTask<bool>(wait, wait.Version);
    }

    internal Completion? BeginJoin()
    {
        if (!IsAlive)
            return Completion.BeginTurnIfDue(this);
        ThrowIfForeign();
        ThrowIfCircle();
        Completion wait = Completion.Begin(this);
        JoinBy(wait);
        return wait;
    }

    /// <summary>Returns when it completed, else throws why it did not.</summary>
    internal void ThrowIfNotCompleted()
    {
        switch (_end)
        {
            case CoroutineState.Completed:
                return;
            case CoroutineState.Faulted:
                FailureLog.Observe(this);
                BodyTask!.GetAwaiter().GetResult();
                return;
            case CoroutineState.Killed:
                throw KilledException();
            default:
                throw new InvalidOperationException($"Coroutine '{Name}' has not ended; await it.");
        }
    }

    /// <summary>What those get who wait for the result of one that was killed.</summary>
    internal CoroutineKilledException KilledException() => new($"Coroutine '{Name}' was killed.", this);

    private void ThrowIfCircle()
    {
        // Unless its kill is about to be told.
        if (Scheduler.Running == this && !HasInterrupt)
            Scheduler.Failures.ThrowDeadlock(DeadlockException.OfOwnEnd(this));
        if (Scheduler.Running is { IsWaitedFor: true } waiter)
            WaitGraph.ThrowIfCircle(waiter, this);
    }

    /// <summary>For what other threads may try that have no scheduler at all.</summary>
    internal void ThrowIfOffLoop()
    {
        if (!Scheduler.IsOnLoopThread)
            throw Foreign();
    }

    private InvalidOperationException Foreign()
        => new($"Coroutine '{Name}' belongs to another scheduler, on another thread; it can only be used on its own. From here use that scheduler's Post.");

    internal void ThrowIfForeign()
    {
        if (Scheduler != CoroutineScheduler.Current)
            throw Foreign();
    }
}
