using Sprig.Polling;

namespace Sprig.Scheduling;

/// <content>From the first step to the end: the edges of <see cref="CoroutineState"/>.</content>
public partial class Coroutine
{
    private static readonly ContextCallback s_callBody = static self => ((Coroutine)self!).CallBody();

    internal void Start()
    {
        MakeReady();
        TellSpawned();
    }

    internal void MakeReady()
    {
        if (_extras is not null)
            _extras.StartTimer = null;
        Scheduler.Ready.Enqueue(this, s_firstStep, this);
    }

    internal void StartAt(long due)
    {
        Extras.StartTimer = new StartTimer(this);
        Scheduler.Timers.Add(Extras.StartTimer, due);
        TellSpawned();
    }

    /// <summary>The run ends although this one does not: its grace time is over. It is never resumed again.</summary>
    internal void Abandon()
    {
        for (Completion? wait = _waits; wait is not null; wait = wait.NextOfOwner)
            wait.TakeDown();
        if (AbandonLocks() is { } abandoned)
            Scheduler.Failures.ReportAbandonedLock(this, abandoned);
        // Its handle may live on, and must not hold what hangs on them: the body's state, its AsyncLocals.
        _waits = null;
        if (_extras is not null)
            _extras.Switchboard = null;
        End(CoroutineState.Killed);
    }

    // Only now: an observer sees it as everybody does, with its number and its state.
    private void TellSpawned()
    {
        if (Scheduler.Options.Observer is not null)
            Scheduler.Failures.TellSpawned(this);
    }

    private void FirstStep()
    {
        if (!IsAlive)
            return;
        if ((_bodyOrTask is FlowingBody flowing ? flowing.Flow : Scheduler.Flow) is { } flow)
            ExecutionContext.Run(flow, s_callBody, this);
        else
            CallBody();
        if (BodyTask!.IsCompleted)
            OnBodyEnded();
        else if (IsBodyParkedHere(BodyTask))
            IsUnheard = true;
        else
            Listen();
    }

    /// <summary>Whether the body itself, no method that it called, waits for the ready ring or a wait of ours: then its next
    /// move is a step of ours, and its end needs no continuation if that step is its last. Most short ones end so.</summary>
    private bool IsBodyParkedHere(Task body)
        => ReadyCount == 1 ? _waits is null && Scheduler.Ready.IsLast(this, body)
            : ReadyCount == 0 && IsBodyParked;

    /// <summary>After the second step of a coroutine whose end nobody hears yet.</summary>
    internal void AfterUnheardStep()
    {
        if (BodyTask is not { } body || !IsAlive)
            return;
        IsUnheard = false;
        if (body.IsCompleted)
            OnBodyEnded();
        else
            Listen();
    }

    // With this coroutine's context current, so that it runs inline when the body ends in a step of its own, and is posted
    // home when it ends on another thread.
    private void Listen()
    {
        // A step that went on from a ConfigureAwait(false) has left none.
        SynchronizationContext.SetSynchronizationContext(Context);
        BodyTask!.GetAwaiter().UnsafeOnCompleted(OnBodyEnded);
    }

    private void CallBody()
    {
        Func<Task> body = _bodyOrTask is FlowingBody flowing ? flowing.Body : (Func<Task>)_bodyOrTask!;
        try
        {
            _bodyOrTask = body() ?? throw new InvalidOperationException("The coroutine's body returned null instead of a task.");
        }
#pragma warning disable CA1031 // Whatever the body throws is the coroutine's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _bodyOrTask = Task.FromException(e);
        }
    }

    private void OnBodyEnded()
    {
        if (!IsAlive)
            return;
        Task body = BodyTask!;
        // First: a lock that was granted to such a flow, and has not been seen by it, goes on to the next.
        for (Completion? wait = _waits; wait is not null; wait = wait.NextOfOwner)
            wait.LeaveQueue();
        if (HoldsLocks && AbandonLocks() is { } abandoned)
            body = FaultBy(body, abandoned);
        if (body.IsCompletedSuccessfully)
        {
            End(WasKillDelivered ? CoroutineState.Killed : CoroutineState.Completed);
            return;
        }

        Exception failure = body.Exception?.InnerException ?? CancellationOf(body);
        // A kill that surfaced as any cancellation (a foreign await saw the token) is a kill. Another error of the clean-up
        // is a failure: it must not be lost.
        if (IsKillRequested && failure is OperationCanceledException)
        {
            End(CoroutineState.Killed);
            return;
        }

        // A cancelled task that was never thrown makes a new exception each time it is asked.
        if (body.IsCanceled)
            _bodyOrTask = Task.FromException(failure);
        Extras.FailureRecord = Scheduler.Failures.Add(this, failure);
        End(CoroutineState.Faulted);
    }

    private static OperationCanceledException CancellationOf(Task body)
    {
        try
        {
            body.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e)
        {
            return e;
        }

        throw new InvalidOperationException("A cancelled task gave a result.");
    }

    private void End(CoroutineState end)
    {
        _end = end;
        if (end == CoroutineState.Killed)
            _bodyOrTask = null;
        Scheduler.Release(this);
        if (_extras is not { } extras)
            return;
        if (extras.StartTimer is { } start)
            Scheduler.Timers.Remove(start);
        if (extras.Grace is { } grace)
            Scheduler.Timers.Remove(grace);
        extras.StartTimer = extras.Grace = null;
        extras.Locals = null;
        if (extras.Listeners is { } listeners)
        {
            extras.Listeners = null;
            foreach (EndListener listener in listeners)
                listener.OnEnded(this);
        }

        if (extras.Joiners is { } joiners)
            Scheduler.WakeBehindCallbacks(joiners);
    }

    /// <summary>A body that was spawned in another flow than the run was started in: with AsyncLocals set, say.</summary>
    private sealed class FlowingBody(Func<Task> body, ExecutionContext flow)
    {
        internal Func<Task> Body => body;

        internal ExecutionContext Flow => flow;
    }

    private sealed class StartTimer(Coroutine coroutine) : Waiter
    {
        internal override void OnDue() => coroutine.MakeReady();
    }
}
