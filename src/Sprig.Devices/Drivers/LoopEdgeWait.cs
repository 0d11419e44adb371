using System.Device.Gpio;
using System.Threading.Tasks.Sources;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>The wait of a coroutine, and the source of the ValueTask that it awaits. Pooled by its pin.</summary>
/// <remarks>What is awaited is a wait of the loop (<see cref="WaitQueue"/>): so it obeys kills and deadlines, and goes on in a step of
/// the coroutine, on its thread, also for who awaits with ConfigureAwait(false). This object puts the result on it.</remarks>
internal sealed class LoopEdgeWait : EdgeWait, IValueTaskSource<WaitForEventResult>
{
    private readonly DriverPin _pin;
    private readonly CoroutineScheduler _scheduler;
    private readonly WaitQueue _line;
    private readonly Action _resume;
    private readonly Action _wakeOnLoop;
    private ValueTask _inner;
    private Action<object?>? _continuation;
    private object? _state;
    private IDisposable? _expectation;
    private CancellationToken _token;
    private short _version;

    internal LoopEdgeWait(DriverPin pin, CoroutineScheduler scheduler)
    {
        _pin = pin;
        _scheduler = scheduler;
        _line = new WaitQueue($"an edge of {pin}");
        _resume = () => _continuation!(_state);
        _wakeOnLoop = WakeOnLoop;
    }

    internal override CoroutineScheduler Scheduler => _scheduler;

    internal void Begin(PinEventTypes kinds) => Kinds = kinds;

    /// <summary>Waits until it is woken; it stands among the pin's waits already.</summary>
    /// <param name="fromOutside">Another thread's loop serves the pin: this one must not take the wait for a deadlock.</param>
    /// <param name="token">Ends the wait, from any thread.</param>
    internal ValueTask<WaitForEventResult> WaitForWake(bool fromOutside, CancellationToken token)
    {
        _token = token;
        _expectation = fromOutside ? _scheduler.ExpectPosts() : null;
        return Put(_line.WaitAsync(token));
    }

    /// <summary>The edge was there; when the step has spent its budget, others go first. Under the gate.</summary>
    internal ValueTask<WaitForEventResult> TakeAtOnce(in GpioEdge edge)
    {
        TakeQuietly(edge);
        return Put(Coroutine.CheckpointAsync());
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        CheckVersion(token);
        return !_inner.IsCompleted ? ValueTaskSourceStatus.Pending
            : Error is not null || _inner.IsFaulted ? ValueTaskSourceStatus.Faulted
            : _inner.IsCanceled && !_token.IsCancellationRequested ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Succeeded;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckVersion(token);
        if (_continuation is not null)
            throw new InvalidOperationException("This ValueTask is awaited already; each may be awaited once.");
        _continuation = continuation;
        _state = state;
        bool bare = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == 0;
        bool flows = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0;
        if (bare && flows)
            _inner.ConfigureAwait(false).GetAwaiter().OnCompleted(_resume);
        else if (bare)
            _inner.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_resume);
        else if (flows)
            _inner.GetAwaiter().OnCompleted(_resume);
        else
            _inner.GetAwaiter().UnsafeOnCompleted(_resume);
    }

    public WaitForEventResult GetResult(short token)
    {
        CheckVersion(token);
        if (!_inner.IsCompleted)
            throw new InvalidOperationException("The wait has not ended; await it (blocking on it would stop the loop that is to end it).");
        try
        {
            _inner.GetAwaiter().GetResult();
            return Error is null ? DriverPin.ResultOf(Edge) : throw Error;
        }
        catch (OperationCanceledException e) when (e is not CoroutineKilledException && _token.CanBeCanceled && e.CancellationToken == _token)
        {
            _pin.TakeBack(this);
            return DriverPin.ResultOf(null);
        }
        catch
        {
            // A kill or a deadline: it has taken nothing.
            _pin.TakeBack(this);
            throw;
        }
        finally
        {
            Recycle();
        }
    }

    private ValueTask<WaitForEventResult> Put(ValueTask inner)
    {
        _inner = inner;
        return new ValueTask<WaitForEventResult>(this, _version);
    }

    private protected override void Wake()
    {
        if (CoroutineScheduler.CurrentOrNull == _scheduler)
        {
            _line.WakeOne();
            return;
        }

        try
        {
            _scheduler.Post(_wakeOnLoop);
        }
        catch (InvalidOperationException)
        {
            // Its run has ended, and with it the coroutine.
        }
    }

    // Posted: it may come when this object serves another wait already, which it then leaves alone.
    private void WakeOnLoop()
    {
        if (_pin.HasEnded(this))
            _line.WakeOne();
    }

    private void Recycle()
    {
        _version++;
        _continuation = null;
        _state = null;
        _inner = default;
        _token = default;
        _expectation?.Dispose();
        _expectation = null;
        Forget();
        _pin.Return(this);
    }

    private void CheckVersion(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("This ValueTask was awaited before, and its wait is over; each may be awaited once.");
    }
}
