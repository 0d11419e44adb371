using System.Device.Gpio;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>One wait for an edge of a pin: that of a coroutine, or of a thread without a scheduler. All members but
/// <see cref="Wake"/> are called under the driver's gate.</summary>
internal abstract class EdgeWait
{
    /// <summary>The run in which a coroutine waits; null for others.</summary>
    internal virtual CoroutineScheduler? Scheduler => null;

    internal PinEventTypes Kinds { get; private protected set; }

    /// <summary>The edge that it has got.</summary>
    internal GpioEdge? Edge { get; private set; }

    /// <summary>Why it gets none.</summary>
    internal Exception? Error { get; private set; }

    internal bool HasEnded => Edge is not null || Error is not null;

    /// <summary>Whether other waits got the same edge: then it is not given back.</summary>
    internal bool IsShared { get; set; }

    internal void Take(in GpioEdge edge)
    {
        Edge = edge;
        Wake();
    }

    private protected void TakeQuietly(in GpioEdge edge) => Edge = edge;

    internal void Fail(Exception error)
    {
        Error = error;
        Wake();
    }

    /// <summary>It has ended: lets who waits go on. Any thread, once.</summary>
    private protected abstract void Wake();

    private protected void Forget()
    {
        Edge = null;
        Error = null;
        IsShared = false;
    }
}
