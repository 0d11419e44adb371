using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <content>The pump: takes each edge, gives it to the waits, and calls the handlers.</content>
/// <remarks>Handlers are called in the pump's own coroutine: one that never awaits costs nothing more. When one does await, this
/// coroutine becomes its own, since its waits belong to it, and the pump goes on in another, with the next handler of the same
/// edge. So no handler holds up another, and each that awaits can be killed alone.</remarks>
internal sealed partial class PinRequest
{
    private Coroutine? _pump;
    private CoroutineScheduler? _pumpedIn;

    /// <summary>The edge that is being handed out, to whom, and who is next.</summary>
    private GpioEdge _edge;
    private EdgeCallback[] _callbacks = [];
    private int _next;

    /// <summary>Whether a loop takes its edges.</summary>
    internal bool IsPumped => _pump is not null;

    internal static SpawnOptions AsDaemon(string name) => new() { Name = name, Daemon = DaemonRule.UntilWorkEnds };

    /// <summary>On the loop that is to serve it. Takes the gate.</summary>
    internal void StartPump()
    {
        lock (_gate)
        {
            if (IsPumped || _isClosed)
                return;
            _pumpedIn = CoroutineScheduler.Current;
            SpawnPump();
        }
    }

    /// <summary>The run that was to serve it has ended before it could. Takes the gate.</summary>
    internal void OnNotStarted(CoroutineScheduler run)
    {
        lock (_gate)
        {
            _loop.OnRunEnded(run);
            if (!_isClosed)
                _loop.Serve(this, notIn: run);
        }
    }

    private void SpawnPump()
    {
        _pump = Coroutine.Spawn(PumpAsync, AsDaemon($"edges of {_name}"));
        _pump.AddDoneCallback(OnPumpEnded);
    }

    private async Task PumpAsync()
    {
        EdgeCallback? busy;
        Task? call;
        try
        {
            while ((call = CallHandlers(out busy)) is null)
            {
                if (!GoesOn())
                    return;
                try
                {
                    HandOut(await Group.WaitForEdgeAsync());
                }
                catch (ObjectDisposedException)
                {
                    // Closed by the driver, or with the run in which they were opened, which is not this one: then they are
                    // taken anew.
                }
                catch (InvalidOperationException) when (!HasEdges())
                {
                    // Another thread has made the last input an output, in between.
                }
            }
        }
        catch (IOException e)
        {
            OnChipGone(e);
            return;
        }

        lock (_gate)
            SpawnPump();
        Coroutine.Current.Name = $"handler of {busy}";
        await busy!.FinishAsync(call);
    }

    private void HandOut(in GpioEdge edge)
    {
        DriverPin? pin = PinOf(edge.Line);
        pin?.Deliver(edge);
        (_edge, _callbacks, _next) = (edge, pin?.Callbacks ?? [], 0);
    }

    private Task? CallHandlers(out EdgeCallback? busy)
    {
        while (_next < _callbacks.Length)
        {
            busy = _callbacks[_next++];
            if (busy.OnEdge(_edge) is { } call)
                return call;
        }

        busy = null;
        return null;
    }

    // Without edges to wait for it ends; under the gate, so that who asks for some finds out.
    private bool GoesOn()
    {
        lock (_gate)
        {
            if (_isClosed || !HasEdges())
                _pump = null;
            return IsPumped;
        }
    }

    private bool HasEdges()
    {
        IReadOnlyList<GpioLineSettings> settings = Group.Settings;
        for (int i = 0; i < settings.Count; i++)
        {
            if (settings[i].Edges != GpioEdges.None)
                return true;
        }

        return false;
    }

    private void OnChipGone(IOException error)
    {
        lock (_gate)
        {
            _pump = null;
            foreach (DriverPin? pin in _pins)
                pin?.FailWaits(static _ => true, error);
        }

        // Handlers have nobody else to tell: thrown by a post, it is reported as the failure of a callback.
        if (_pins.Any(pin => pin?.Callbacks.Length > 0))
            CoroutineScheduler.Current.Post(() => throw new IOException($"The handlers of {_name} get no more edges: {error.Message}", error));
    }

    private void OnPumpEnded(Coroutine coroutine)
    {
        lock (_gate)
        {
            // Killed, or failed. Else it was a handler's by then, or had said that it ends.
            if (coroutine == _pump)
                OnRunEnded();
        }
    }

    private void OnRunEnded()
    {
        CoroutineScheduler run = _pumpedIn!;
        _pump = null;
        _loop.OnRunEnded(run);
        foreach (DriverPin? pin in _pins)
        {
            pin?.EndCallbacks();
            pin?.FailWaits(wait => wait.Scheduler == run, new InvalidOperationException($"{pin}: the coroutine that serves its edges has ended."));
        }

        // Threads outside, and other runs, wait on; somebody else serves them.
        if (_pins.Any(pin => pin?.Waits > 0))
            _loop.Serve(this, notIn: run);
    }
}
