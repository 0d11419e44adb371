using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Coroutines that belong together, in the order in which they came; each leaves when it ends.</summary>
internal sealed partial class Members
{
    private readonly object _owner;
    private readonly Action<Coroutine> _onLeft;
    private readonly Func<bool>? _isExpecting;
    private readonly Action<Coroutine> _onEnded;
    private readonly LinkedList<Coroutine> _all = new();
    private readonly Dictionary<Coroutine, LinkedListNode<Coroutine>> _nodes = [];
    private CoroutineScheduler? _scheduler;

    /// <param name="owner">Named in errors and reports.</param>
    /// <param name="onLeft">Told of each that has ended, in the order of the ends.</param>
    /// <param name="isExpecting">Whether others are sure to come, for whom a join waits too.</param>
    internal Members(object owner, Action<Coroutine> onLeft, Func<bool>? isExpecting = null)
    {
        _owner = owner;
        _onLeft = onLeft;
        _isExpecting = isExpecting;
        _onEnded = OnEnded;
        _changed = new WaitQueue(owner);
    }

    internal int Count => _all.Count;

    internal Coroutine? First => _all.First?.Value;

    internal Coroutine[] Snapshot() => [.. _all];

    internal bool Contains(Coroutine coroutine) => _nodes.ContainsKey(coroutine);

    /// <summary>For every call but questions. True when a new run begins: whatever belonged to an old one is gone.</summary>
    /// <exception cref="InvalidOperationException">They belong to the run of another thread, or no scheduler runs on this one.</exception>
    internal bool Enter()
    {
        CoroutineScheduler scheduler = Loop.Of(_owner);
        if (scheduler == _scheduler)
            return false;
        // Nobody waits here but in this run; asked for the error where another, in which they were used before, still goes on.
        _changed.WakeAll();
        // Those of a run that has ended will tell nobody any more.
        _all.Clear();
        _nodes.Clear();
        _scheduler = scheduler;
        return true;
    }

    /// <summary>One that has ended does not come in; one that is in stays where it is.</summary>
    internal void Add(Coroutine coroutine)
    {
        if (!coroutine.IsAlive || _nodes.ContainsKey(coroutine))
            return;
        coroutine.AddDoneCallback(_onEnded);
        _nodes.Add(coroutine, _all.AddLast(coroutine));
        if (_killing > 0)
            coroutine.Kill();
    }

    /// <summary>Lets one go that goes on; false when it was none of these.</summary>
    internal bool Discard(Coroutine coroutine)
    {
        if (!Remove(coroutine))
            return false;
        coroutine.RemoveDoneCallback(_onEnded);
        return true;
    }

    /// <summary>Lets those leave that have ended, and whose callbacks have not run.</summary>
    internal void Sweep()
    {
        foreach (Coroutine coroutine in Snapshot())
            LeaveIfEnded(coroutine);
    }

    internal void LeaveIfEnded(Coroutine coroutine)
    {
        if (!coroutine.IsAlive)
            OnEnded(coroutine);
    }

    private void OnEnded(Coroutine coroutine)
    {
        if (!_nodes.ContainsKey(coroutine))
            return;
        if (coroutine.State == CoroutineState.Faulted)
            TellFailed(coroutine);
        Remove(coroutine);
        _onLeft(coroutine);
    }

    private bool Remove(Coroutine coroutine)
    {
        if (!_nodes.Remove(coroutine, out LinkedListNode<Coroutine>? node))
            return false;
        _all.Remove(node);
        WakeIfIdle();
        return true;
    }
}
