using System.Device.Gpio;

namespace Sprig.Devices.Drivers;

/// <summary>The wait of a thread without a scheduler: as a task, which it may block on.</summary>
internal sealed class ThreadEdgeWait : EdgeWait
{
    private readonly DriverPin _pin;
    private readonly TaskCompletionSource<WaitForEventResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;

    internal ThreadEdgeWait(DriverPin pin, PinEventTypes kinds)
    {
        _pin = pin;
        Kinds = kinds;
    }

    internal Task<WaitForEventResult> Task => _result.Task;

    /// <summary>Ends by the token too, on the thread that cancels: the loop need not take part, it may be waiting for this thread.
    /// Once it stands among the waits.</summary>
    internal void ListenTo(CancellationToken token)
        => _cancellation = token.UnsafeRegister(static self => ((ThreadEdgeWait)self!).Cancel(), this);

    private protected override void Wake()
    {
        _cancellation.Unregister();
        if (Error is not null)
            _result.TrySetException(Error);
        else
            _result.TrySetResult(DriverPin.ResultOf(Edge));
    }

    private void Cancel()
    {
        if (_pin.TryLeave(this))
            _result.TrySetResult(DriverPin.ResultOf(null));
    }
}
