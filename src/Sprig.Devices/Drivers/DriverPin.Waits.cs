using System.Device.Gpio;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <content>Who waits for its edges, and the edges that are kept for the next who does.</content>
internal sealed partial class DriverPin
{
    private readonly int _capacity;
    private readonly bool _keepsEdges;
    private readonly List<EdgeWait> _waits = [];
    private readonly Queue<GpioEdge> _kept = new();
    private LoopEdgeWait? _spare;
    private bool _wasWaitedFor;

    /// <summary>How many wait.</summary>
    internal int Waits => _waits.Count;

    /// <summary>An edge for the waits: all that stand there and want its kind get it. Kept for the next when none stands there. Takes
    /// the gate.</summary>
    internal void Deliver(in GpioEdge edge)
    {
        lock (_gate)
        {
            if (_waits.Count == 0)
            {
                if (_wasWaitedFor && _keepsEdges)
                    Keep(edge);
                return;
            }

            DeliverToWaits(edge);
        }
    }

    internal void Add(EdgeWait wait)
    {
        _waits.Add(wait);
        _wasWaitedFor = true;
    }

    /// <summary>The oldest edge of the kinds that was kept; others before it are passed over.</summary>
    internal bool TryTakeKept(PinEventTypes kinds, out GpioEdge edge)
    {
        while (_kept.TryDequeue(out edge))
        {
            if ((KindOf(edge) & kinds) != 0)
                return true;
        }

        return false;
    }

    /// <summary>False: it has got something meanwhile. Takes the gate.</summary>
    internal bool TryLeave(EdgeWait wait)
    {
        lock (_gate)
            return _waits.Remove(wait);
    }

    /// <summary>A wait throws, or was cancelled: it has taken nothing. Takes the gate.</summary>
    internal void TakeBack(EdgeWait wait)
    {
        lock (_gate)
        {
            _waits.Remove(wait);
            if (wait.Edge is { } edge && !wait.IsShared && _keepsEdges)
                GiveBack(edge);
        }
    }

    /// <summary>Takes the gate.</summary>
    internal bool HasEnded(EdgeWait wait)
    {
        lock (_gate)
            return wait.HasEnded;
    }

    internal void FailWaits(Func<EdgeWait, bool> which, Exception error)
    {
        foreach (EdgeWait wait in _waits.ToArray())
        {
            if (!which(wait))
                continue;
            _waits.Remove(wait);
            wait.Fail(error);
        }
    }

    internal LoopEdgeWait Rent(CoroutineScheduler scheduler)
    {
        if (_spare is { } spare && spare.Scheduler == scheduler)
        {
            _spare = null;
            return spare;
        }

        return new LoopEdgeWait(this, scheduler);
    }

    /// <summary>Takes the gate.</summary>
    internal void Return(LoopEdgeWait wait)
    {
        lock (_gate)
            _spare = wait;
    }

    private void DeliverToWaits(in GpioEdge edge)
    {
        PinEventTypes kind = KindOf(edge);
        EdgeWait? first = null;
        for (int i = 0; i < _waits.Count;)
        {
            EdgeWait wait = _waits[i];
            if ((wait.Kinds & kind) == 0)
            {
                i++;
                continue;
            }

            _waits.RemoveAt(i);
            first ??= wait;
            // With what follows it is shared; the first learns of it from the second.
            first.IsShared = wait.IsShared = first != wait;
            wait.Take(edge);
        }
    }

    private void GiveBack(in GpioEdge edge)
    {
        // A wait that stands there now has begun after those that are kept were there: it wants none of them.
        if (_waits.Count > 0)
        {
            DeliverToWaits(edge);
            return;
        }

        // Before those that came after it; two that were taken may come back in either order.
        uint sequence = edge.Sequence;
        GpioEdge[] all = [.. _kept.Append(edge).OrderBy(one => unchecked((int)(one.Sequence - sequence)))];
        _kept.Clear();
        foreach (GpioEdge one in all)
            _kept.Enqueue(one);
    }

    private void Keep(in GpioEdge edge)
    {
        if (_kept.Count >= _capacity)
        {
            _kept.Dequeue();
            _dropped++;
        }

        _kept.Enqueue(edge);
    }
}
