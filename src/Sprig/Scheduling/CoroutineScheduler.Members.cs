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
