namespace Sprig.Supervision;

/// <content>The line of the work, and the threads.</content>
public sealed partial class BlockingPool
{
    private readonly Lock _gate = new();
    private readonly LinkedList<BlockingWork> _line = new();
    private readonly TimeSpan _idleTimeout;

    /// <summary>The one that was busy last is the first to be busy again, so that the others have their time to end.</summary>
    private readonly List<Worker> _idle = [];
    private int _threads;
    private int _started;

    /// <summary>How much was taken and has not ended, be it in the line or at work.</summary>
    private int _unfinished;

    /// <summary>How many threads there are, busy or idle.</summary>
    public int ThreadCount
    {
        get
        {
            lock (_gate)
                return _threads;
        }
    }

    /// <summary>How much work waits for a thread.</summary>
    public int PendingCount
    {
        get
        {
            lock (_gate)
                return _line.Count;
        }
    }

    private void Enqueue(BlockingWork work)
    {
        lock (_gate)
        {
            if (IsShutdown)
                throw new InvalidOperationException($"{this} was shut down: it takes nothing new. Shut it down when nobody uses it any more, or make another.");
            if (_idle is [.., { } idle])
                Wake(idle, work);
            else if (_threads < MaxThreads)
                Start(work);
            else
                work.Place = _line.AddLast(work);
            _unfinished++;
        }
    }

    /// <summary>Nobody waits for it any more: if it has not begun it never will.</summary>
    private void Abandon(BlockingWork work)
    {
        lock (_gate)
        {
            work.IsAbandoned = true;
            if (work.Place is not { } place)
                return;
            work.Place = null;
            _line.Remove(place);
            OnFinished();
        }
    }

    // Where no thread is to be had it throws, and nothing has happened.
    private void Start(BlockingWork first)
    {
        Worker worker = new();
        Thread thread = new(() => Work(worker, first)) { Name = $"{_threadName}-{_started + 1}", IsBackground = true };
        // The flow of who comes first is not that of who comes later.
        thread.UnsafeStart();
        _started++;
        _threads++;
    }

    private void Work(Worker worker, BlockingWork first)
    {
        t_current = this;
        for (BlockingWork? work = first; work is not null; work = Next(worker))
        {
            if (TryBegin(work))
                work.Run();
            lock (_gate)
                OnFinished();
        }

        worker.Signal.Dispose();
    }

    private bool TryBegin(BlockingWork work)
    {
        lock (_gate)
            return !work.IsAbandoned;
    }

    /// <summary>What comes next for this thread; null: it is to end.</summary>
    private BlockingWork? Next(Worker worker)
    {
        lock (_gate)
        {
            if (_line.First is { } first)
            {
                _line.RemoveFirst();
                first.Value.Place = null;
                return first.Value;
            }

            if (IsShutdown)
            {
                _threads--;
                return null;
            }

            _idle.Add(worker);
        }

        bool isWoken = worker.Signal.Wait(_idleTimeout);
        lock (_gate)
        {
            // It may have been woken when its time was just over: then it is idle no longer.
            if (!isWoken && !_idle.Remove(worker))
                worker.Signal.Wait();
            BlockingWork? work = worker.Next;
            worker.Next = null;
            if (work is null)
                _threads--;
            return work;
        }
    }

    private void Wake(Worker idle, BlockingWork? work)
    {
        _idle.Remove(idle);
        idle.Next = work;
        idle.Signal.Release();
    }

    private void OnFinished()
    {
        _unfinished--;
        CompleteIfDrained();
    }

    private sealed class Worker
    {
        internal SemaphoreSlim Signal { get; } = new(0);

        /// <summary>With what it was woken; null: to end. Guarded by the gate.</summary>
        internal BlockingWork? Next { get; set; }
    }
}
