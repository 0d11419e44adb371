using System.Device.Gpio;
using System.Runtime.ExceptionServices;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>A handler of a pin's edges: which, and what becomes of those that come while it is busy. Loop thread, but for what is
/// said to be for any.</summary>
internal sealed class EdgeCallback : IDisposable
{
    private readonly SprigGpioDriver _driver;
    private readonly DriverPin _pin;
    private readonly Delegate _handler;
    private readonly CallbackOverlap _overlap;
    private readonly int _capacity;
    private readonly Queue<GpioEdge> _queue = new();
    private HandlerContext? _context;
    private Coroutine? _busy;
    private volatile int _kinds;
    private long _dropped;
    private bool _restarts;

    /// <param name="driver">The sender.</param>
    /// <param name="pin">Whose edges.</param>
    /// <param name="kinds">Which.</param>
    /// <param name="handler">A <see cref="PinChangeEventHandler"/>, or a function of a <see cref="GpioEdge"/> that gives a task.</param>
    /// <param name="overlap">Of its calls.</param>
    /// <param name="capacity">How many edges wait.</param>
    internal EdgeCallback(SprigGpioDriver driver, DriverPin pin, PinEventTypes kinds, Delegate handler, CallbackOverlap overlap, int capacity)
    {
        _driver = driver;
        _pin = pin;
        _kinds = (int)kinds;
        _handler = handler;
        _overlap = overlap;
        _capacity = capacity;
    }

    /// <summary>None: it was removed, and is called no more. Any thread.</summary>
    internal PinEventTypes Kinds
    {
        get => (PinEventTypes)_kinds;
        set => _kinds = (int)value;
    }

    /// <summary>Any thread.</summary>
    internal long Dropped => Volatile.Read(ref _dropped);

    internal bool Handles(PinChangeEventHandler handler) => _handler.Equals(handler);

    /// <summary>Any thread.</summary>
    internal void End() => _kinds = (int)PinEventTypes.None;

    /// <summary>Any thread.</summary>
    public void Dispose() => _driver.Remove(_pin, this);

    public override string ToString() => _pin.ToString();

    /// <summary>Calls the handler, if it wants the edge and is not busy.</summary>
    /// <returns>The end of the call where that is still to come: then this coroutine is the call's, and goes on with
    /// <see cref="FinishAsync"/>.</returns>
    internal Task? OnEdge(in GpioEdge edge)
    {
        if ((Kinds & DriverPin.KindOf(edge)) == 0)
            return null;
        if (_busy is null)
            return Call(edge);
        if (_overlap == CallbackOverlap.Drop)
        {
            Drop();
            return null;
        }

        if (_queue.Count >= (_overlap == CallbackOverlap.Restart ? 1 : _capacity))
        {
            _queue.Dequeue();
            Drop();
        }

        _queue.Enqueue(edge);
        if (_overlap == CallbackOverlap.Restart && !_restarts)
        {
            _restarts = true;
            _busy.Kill();
        }

        return null;
    }

    /// <summary>Waits for the end of a call, and then does those that wait in line.</summary>
    internal async Task FinishAsync(Task? call)
    {
        while (true)
        {
            if (call is not null)
                await FinishCallAsync(call);
            _busy = null;
            if (Kinds == PinEventTypes.None)
                _queue.Clear();
            if (_queue.Count == 0)
                break;
            if (Coroutine.Current.Token.IsCancellationRequested)
            {
                // Killed for the newest edge, which another coroutine takes on; or by the end of the run, and then nothing is called any more.
                if (_restarts)
                    _busy = Coroutine.Spawn(RestartAsync, PinRequest.AsDaemon($"handler of {this}"));
                return;
            }

            _busy = Coroutine.Current;
            await Coroutine.CheckpointAsync();
            call = Call(_queue.Dequeue());
        }

        _restarts = false;
    }

    private static async Task FinishCallAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (OperationCanceledException) when (Coroutine.Current.Token.IsCancellationRequested)
        {
            // The kill that it was to get.
        }
#pragma warning disable CA1031 // Whatever it is, it is the handler's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
        }
    }

    // Thrown by a post, it is told as the failure of a callback.
    private static void Report(Exception failure)
    {
        ExceptionDispatchInfo thrown = ExceptionDispatchInfo.Capture(failure);
        CoroutineScheduler.Current.Post(thrown.Throw);
    }

    private Task RestartAsync()
    {
        _restarts = false;
        return FinishAsync(_queue.TryDequeue(out GpioEdge edge) ? Call(edge) : null);
    }

    private Task? Call(in GpioEdge edge)
    {
        Task? call;
        try
        {
            call = _handler is PinChangeEventHandler handler ? CallEvent(handler, edge) : ((Func<GpioEdge, Task>)_handler)(edge);
        }
#pragma warning disable CA1031 // Whatever it is, it stops no other handler.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
            return null;
        }

        if (call is null or { IsCompletedSuccessfully: true })
            return null;
        _busy = Coroutine.Current;
        return call;
    }

    private Task? CallEvent(PinChangeEventHandler handler, in GpioEdge edge)
    {
        SynchronizationContext loop = SynchronizationContext.Current!;
        if (_context?.BelongsTo(loop) != true)
            _context = new HandlerContext(loop);
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            handler(_driver, edge.IsRising ? _pin.Rose : _pin.Fell);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(loop);
        }

        Task? pending = _context.Pending();
        if (pending is not null)
            _context = null;
        return pending;
    }

    private void Drop() => Volatile.Write(ref _dropped, _dropped + 1);
}
