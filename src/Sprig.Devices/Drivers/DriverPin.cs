using System.Device.Gpio;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>An open pin: its mode, and who wants its edges. What is not said to be for any thread is done under the gate.</summary>
internal sealed class DriverPin
{
    private readonly Lock _gate;
    private readonly int _capacity;
    private readonly bool _keepsEdges;
    private readonly List<EdgeWait> _waits = [];
    private readonly Queue<GpioEdge> _kept = new();
    private LoopEdgeWait? _spare;
    private volatile EdgeCallback[] _callbacks = [];
    private volatile int _mode;
    private bool _wasWaitedFor;
    private long _dropped;

    internal DriverPin(PinRequest request, int number, Lock gate, SprigGpioDriverOptions options)
    {
        Request = request;
        Number = number;
        Bit = request.BitOf(number);
        _gate = gate;
        _capacity = options.QueueCapacity;
        _keepsEdges = options.KeepEdgesBetweenWaits;
        Rose = new PinValueChangedEventArgs(PinEventTypes.Rising, number);
        Fell = new PinValueChangedEventArgs(PinEventTypes.Falling, number);
    }

    internal PinRequest Request { get; }

    internal int Number { get; }

    internal ulong Bit { get; }

    /// <summary>As it was set, or found when it was opened. Any thread.</summary>
    internal PinMode Mode
    {
        get => (PinMode)_mode;
        set => _mode = (int)value;
    }

    /// <summary>Opened, and not set to a mode: the chip's settings are as they were.</summary>
    internal bool IsAsFound { get; set; } = true;

    /// <summary>What handlers get; each is made once.</summary>
    internal PinValueChangedEventArgs Rose { get; }

    internal PinValueChangedEventArgs Fell { get; }

    /// <summary>Any thread.</summary>
    internal EdgeCallback[] Callbacks => _callbacks;

    internal bool HasWaits => _waits.Count > 0;

    /// <summary>Whether somebody wants its edges, or did and may again.</summary>
    internal bool NeedsEdges => _callbacks.Length > 0 || _waits.Count > 0 || (_wasWaitedFor && _keepsEdges);

    /// <summary>Edges that nobody got, because the queue for the next wait was full. Any thread.</summary>
    internal long Dropped => Volatile.Read(ref _dropped);

    public override string ToString() => $"pin {Number} ({Request.ChipName})";

    internal static WaitForEventResult ResultOf(GpioEdge? edge) => new()
    {
        EventTypes = edge is not { } one ? PinEventTypes.None : KindOf(one),
        TimedOut = edge is null,
    };

    internal static PinEventTypes KindOf(in GpioEdge edge) => edge.IsRising ? PinEventTypes.Rising : PinEventTypes.Falling;

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

    internal void AddCallback(EdgeCallback callback) => _callbacks = [.. _callbacks, callback];

    internal void DropEndedCallbacks() => _callbacks = [.. _callbacks.Where(one => one.Kinds != PinEventTypes.None)];

    internal void EndCallbacks()
    {
        foreach (EdgeCallback callback in _callbacks)
            callback.End();
        _callbacks = [];
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
            Volatile.Write(ref _dropped, _dropped + 1);
        }

        _kept.Enqueue(edge);
    }
}
