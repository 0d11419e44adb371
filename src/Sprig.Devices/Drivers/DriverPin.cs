using System.Device.Gpio;
using Sprig.IO;

namespace Sprig.Devices.Drivers;

/// <summary>An open pin: its mode, and who wants its edges. What is not said to be for any thread is done under the gate.</summary>
internal sealed partial class DriverPin
{
    private readonly Lock _gate;
    private volatile EdgeCallback[] _callbacks = [];
    private volatile int _mode;
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

    /// <summary>Whether somebody wants its edges, or did and may again.</summary>
    internal bool NeedsEdges => _callbacks.Length > 0 || _waits.Count > 0 || (_wasWaitedFor && _keepsEdges);

    /// <summary>Edges that somebody did not get: the queue for the next wait was full, or a handler busy.</summary>
    internal long Dropped => _dropped + _callbacks.Sum(one => one.Dropped);

    public override string ToString() => $"pin {Number} ({Request.ChipName})";

    internal static WaitForEventResult ResultOf(GpioEdge? edge) => new()
    {
        EventTypes = edge is not { } one ? PinEventTypes.None : KindOf(one),
        TimedOut = edge is null,
    };

    internal static PinEventTypes KindOf(in GpioEdge edge) => edge.IsRising ? PinEventTypes.Rising : PinEventTypes.Falling;

    internal void AddCallback(EdgeCallback callback) => _callbacks = [.. _callbacks, callback];

    /// <summary>Forgets the handlers that have ended, but not what they had dropped.</summary>
    internal void ForgetEndedCallbacks()
    {
        EdgeCallback[] before = _callbacks;
        _callbacks = [.. before.Where(one => one.Kinds != PinEventTypes.None)];
        _dropped += before.Except(_callbacks).Sum(one => one.Dropped);
    }

    internal void EndCallbacks()
    {
        foreach (EdgeCallback callback in _callbacks)
            callback.End();
        ForgetEndedCallbacks();
    }
}
