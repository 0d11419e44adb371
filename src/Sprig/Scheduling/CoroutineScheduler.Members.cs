using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <content>Who lives in this run, and what they share.</content>
public sealed partial class CoroutineScheduler
{
    /// <summary>So many operations may complete at once within one step before the coroutine is put behind the others.</summary>
    private const int StepBudget = 64;
    private const int PooledAtMost = 4096;

    private static readonly Action<object?> s_wakeAll = static queue => ((WaitQueue)queue!).WakeAll();

    private readonly Roster _alive = new();
    private Completion? _pool;
    private int _pooled;
    private int _budget;
    private long _nextId = 1;
    private int _ends;

    /// <summary>All that have not ended, in spawn order. A snapshot.</summary>
    public IReadOnlyList<Coroutine> Coroutines => _alive.Snapshot();

    /// <summary>How many have not ended.</summary>
    public int ActiveCount => _alive.Count;

    /// <summary>Called when nothing runs on the loop any more, however the run ends: floors above give back what it has left open. On
    /// another thread when the loop hangs and the process is about to end. It must not throw.</summary>
    internal Action<CoroutineScheduler>? AtEnd { get; set; }

    /// <summary>The coroutine whose step this is; null between steps and in callbacks of the loop.</summary>
    internal Coroutine? Running { get; private set; }

    internal Coroutine RunningOrThrow
        => Running ?? throw new InvalidOperationException("No coroutine is running: callbacks and posts can't wait. Spawn a coroutine that does.");

    /// <summary>Counts an operation that completed at once; false when the budget of this step is spent, and the coroutine is
    /// to yield before it goes on.</summary>
    internal bool TrySpend() => --_budget >= 0;

    /// <summary>Calls <paramref name="callback"/> on the loop every <paramref name="period"/>, until disposed or the run ends: gevent's timers
    /// with <c>ref=False</c>. It keeps no run alive, hides no deadlock, and is no coroutine: it can't wait. A loop that does not turn,
    /// since a coroutine hogs its thread, does not call it; what it throws is reported as a failed callback.</summary>
    /// <param name="period">At least 1 millisecond. The first call comes after one.</param>
    /// <param name="callback">Short, as the steps of coroutines are.</param>
    /// <returns>Ends it; on any thread.</returns>
    /// <exception cref="InvalidOperationException">This is not its thread.</exception>
    public IDisposable Housekeep(TimeSpan period, Action callback)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromMilliseconds(1));
        ArgumentNullException.ThrowIfNull(callback);
        if (!IsOnLoopThread)
            throw new InvalidOperationException("Housekeeping is begun on the scheduler's own thread: from another one, Post what begins it.");
        return (_housekeeping ??= new Housekeeping(this)).Add(period, callback);
    }

    internal long Adopt(Coroutine coroutine)
    {
        _alive.Add(coroutine);
        if (coroutine.Daemon == DaemonRule.NotDaemon)
            Lifetime.Working++;
        Lifetime.NeedsCheck = true;
        return _nextId++;
    }

    internal void Release(Coroutine coroutine)
    {
        _alive.Remove(coroutine);
        coroutine.Place = unchecked(_ends++);
        if (coroutine.Daemon == DaemonRule.NotDaemon)
            Lifetime.Working--;
        Lifetime.NeedsCheck = true;
        if (coroutine.IsForeignBlocked)
            SetForeignBlocked(coroutine, false);
        if (Options.Observer is not null)
            Failures.TellEnded(coroutine);
    }

    internal void SetForeignBlocked(Coroutine coroutine, bool blocked)
    {
        coroutine.IsForeignBlocked = blocked;
        ForeignBlocked += blocked ? 1 : -1;
    }

    internal Completion RentCompletion()
    {
        if (_pool is not { } completion)
            return new Completion(this);
        _pool = completion.NextOfOwner;
        completion.NextOfOwner = null;
        _pooled--;
        return completion;
    }

    internal void ReturnCompletion(Completion completion)
    {
        if (_pooled >= PooledAtMost)
            return;
        completion.NextOfOwner = _pool;
        _pool = completion;
        _pooled++;
    }

    /// <summary>For those that wait for an end: when they go on, the done callbacks have done their work (it has left its group, its
    /// place is free), whatever order the ready ones run in.</summary>
    internal void WakeBehindCallbacks(WaitQueue queue)
    {
        if (Ready.CallbackCount == 0)
            queue.WakeAll();
        else
            Ready.Enqueue(null, s_wakeAll, queue);
    }

    /// <summary>A post, a done callback: what runs in nobody's name.</summary>
    /// <remarks>Never inlined into the loop: there it would cost each step of the coroutines two thirds more.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunCallback(in ReadyQueue.Entry entry)
    {
        Ready.CallbackCount--;
        SynchronizationContext.SetSynchronizationContext(_context);
        ExecutionContext? flow = ExecutionContext.Capture();
        try
        {
            Call(entry);
        }
        finally
        {
            // What it has set in AsyncLocals is its own; coroutines bring theirs along.
            if (flow is not null)
                ExecutionContext.Restore(flow);
        }
    }
}
