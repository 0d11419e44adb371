using System.Device.Gpio;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <content>Waits and handlers.</content>
public sealed partial class SprigGpioDriver
{
    /// <summary>Blocks a thread that has no scheduler until an edge comes. All that wait for it, and the handlers, get the same edge;
    /// one that came since the last wait was over is taken at once.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <param name="eventTypes">Rising, falling, or both.</param>
    /// <param name="cancellationToken">Ends the wait: <c>TimedOut</c>. The loop need not take part in that.</param>
    /// <exception cref="InvalidOperationException">A scheduler runs on this thread, which would stand still: await
    /// <see cref="WaitForEventAsync"/>. Or the pin is an output.</exception>
    /// <exception cref="ObjectDisposedException">The pin was closed meanwhile, here and below.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        if (CoroutineScheduler.CurrentOrNull is not null)
        {
            throw new InvalidOperationException($"WaitForEvent would block the scheduler of this thread until an edge of pin {pinNumber} has come, which the "
                + "scheduler is to bring; await WaitForEventAsync instead, or call it in a BlockingPool.");
        }

        return WaitOnThread(pinNumber, eventTypes, cancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>Waits for an edge; one that came since the last wait was over is taken at once. In a coroutine a wait of its loop, that
    /// goes on in its step, obeys kills and deadlines, and allocates nothing without a token; elsewhere an ordinary task.</summary>
    /// <inheritdoc cref="WaitForEvent"/>
    /// <exception cref="CoroutineKilledException">Killed while it waited; no edge was taken.</exception>
    protected override ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
        => CoroutineScheduler.CurrentOrNull is { } scheduler
            ? WaitInLoop(scheduler, pinNumber, eventTypes, cancellationToken)
            : new ValueTask<WaitForEventResult>(WaitOnThread(pinNumber, eventTypes, cancellationToken));

    /// <summary>Adds a handler; it gets the edges from now on, on the loop, in their order. One that is <c>async void</c> is awaited: its
    /// calls don't overlap, but by <see cref="SprigGpioDriverOptions.Overlap"/>. What it throws is reported to the observer of the run.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <param name="eventTypes">Rising, falling, or both.</param>
    /// <param name="callback">Gets this driver as its sender.</param>
    /// <exception cref="InvalidOperationException">The pin is an output.</exception>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Add(pinNumber, eventTypes, callback, _options.Overlap);
    }

    /// <summary>Takes a handler back, of equal ones that which was added last, for rising and for falling edges alike. A call that is
    /// under way goes on to its end; edges that wait for it are dropped. None that is equal: nothing happens.</summary>
    /// <param name="pinNumber">The line's offset in the chip.</param>
    /// <param name="callback">What was added.</param>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        lock (_gate)
        {
            DriverPin pin = PinOrThrow(pinNumber);
            // As a delegate's -= does it, for an event of each kind.
            foreach (PinEventTypes kind in (ReadOnlySpan<PinEventTypes>)[PinEventTypes.Rising, PinEventTypes.Falling])
            {
                if (Array.FindLast(pin.Callbacks, one => (one.Kinds & kind) != 0 && one.Handles(callback)) is { } added)
                    added.Kinds &= ~kind;
            }

            pin.ForgetEndedCallbacks();
        }
    }

    /// <summary>Adds a handler that is asynchronous by its type, and gets the edge with the kernel's stamp. On the loop, in order; its
    /// calls don't overlap.</summary>
    /// <param name="pin">The line's offset in the chip; an open input.</param>
    /// <param name="handler">Called for each edge. What it throws is reported to the observer of the run.</param>
    /// <param name="edges">Which edges.</param>
    /// <param name="overlap">What becomes of edges that come while it is busy; the driver's choice unless given.</param>
    /// <returns>Ends it, when disposed.</returns>
    /// <exception cref="InvalidOperationException">The pin is not open, or an output.</exception>
    public IDisposable OnEdge(int pin, Func<GpioEdge, Task> handler, GpioEdges edges = GpioEdges.Both, CallbackOverlap? overlap = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        PinEventTypes kinds = (edges.HasFlag(GpioEdges.Rising) ? PinEventTypes.Rising : PinEventTypes.None)
            | (edges.HasFlag(GpioEdges.Falling) ? PinEventTypes.Falling : PinEventTypes.None);
        return Add(pin, kinds, handler, overlap ?? _options.Overlap);
    }

    internal void Remove(DriverPin pin, EdgeCallback callback)
    {
        lock (_gate)
        {
            callback.End();
            pin.ForgetEndedCallbacks();
        }
    }

    private EdgeCallback Add(int pinNumber, PinEventTypes kinds, Delegate handler, CallbackOverlap overlap)
    {
        ThrowIfNoKind(kinds);
        if (!Enum.IsDefined(overlap))
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "Queue, Drop or Restart.");
        lock (_gate)
        {
            DriverPin pin = InputOrThrow(pinNumber);
            NeedEdges(pin);
            EdgeCallback callback = new(this, pin, kinds, handler, overlap, _options.QueueCapacity);
            pin.AddCallback(callback);
            return callback;
        }
    }

    private Task<WaitForEventResult> WaitOnThread(int pinNumber, PinEventTypes kinds, CancellationToken token)
    {
        ThrowIfNoKind(kinds);
        ThreadEdgeWait wait;
        lock (_gate)
        {
            DriverPin pin = InputOrThrow(pinNumber);
            if (token.IsCancellationRequested)
                return Task.FromResult(DriverPin.ResultOf(null));
            if (pin.TryTakeKept(kinds, out GpioEdge edge))
                return Task.FromResult(DriverPin.ResultOf(edge));
            NeedEdges(pin);
            wait = new ThreadEdgeWait(pin, kinds);
            pin.Add(wait);
            wait.ListenTo(token);
        }

        return wait.Task;
    }

    private ValueTask<WaitForEventResult> WaitInLoop(CoroutineScheduler scheduler, int pinNumber, PinEventTypes kinds, CancellationToken token)
    {
        ThrowIfNoKind(kinds);
        if (Coroutine.CurrentOrNull is null)
            throw new InvalidOperationException($"No coroutine is running that could wait for pin {pinNumber}: callbacks and posts can't wait. Spawn a coroutine that does.");
        LoopEdgeWait wait;
        bool isHome;
        lock (_gate)
        {
            DriverPin pin = InputOrThrow(pinNumber);
            if (token.IsCancellationRequested)
                return new ValueTask<WaitForEventResult>(DriverPin.ResultOf(null));
            bool isKept = pin.TryTakeKept(kinds, out GpioEdge edge);
            if (!isKept)
                NeedEdges(pin);
            wait = pin.Rent(scheduler);
            wait.Begin(kinds);
            if (isKept)
                return wait.TakeAtOnce(edge);
            pin.Add(wait);
            isHome = _loop.IsServedBy(scheduler);
        }

        return wait.WaitForWake(fromOutside: !isHome, token);
    }

    private DriverPin InputOrThrow(int pinNumber)
    {
        DriverPin pin = PinOrThrow(pinNumber);
        return pin.Mode != PinMode.Output ? pin
            : throw new InvalidOperationException($"{pin} is in the mode Output; only an input has edges. Set its mode to Input first.");
    }

    // Somebody wants them from now on, and stands there only after this: the chip may refuse. Both kinds, and for good: a change
    // would make the pin blind for a moment.
    private void NeedEdges(DriverPin pin)
    {
        if (!pin.Request.HasEdges(pin))
        {
            pin.Request.Set(pin, SettingsFor(pin, pin.Mode, null) with { Edges = GpioEdges.Both });
            pin.IsAsFound = false;
        }

        _loop.Serve(pin.Request);
    }

    private static void ThrowIfNoKind(PinEventTypes kinds)
    {
        if (kinds == PinEventTypes.None || (kinds & ~(PinEventTypes.Rising | PinEventTypes.Falling)) != 0)
            throw new ArgumentOutOfRangeException(nameof(kinds), kinds, "Rising, Falling, or both of them.");
    }
}
