using System.Buffers.Binary;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>Raises the events of one opening of a port, on one loop. It reads nothing: it learns from the kernel that something has
/// come, by a descriptor of its own, and the handlers take it.</summary>
internal sealed class EventPump(SerialPort port, SerialLine line, CoroutineScheduler loop)
{
    private static readonly SerialDataReceivedEventArgs s_chars = new(SerialData.Chars);
    private static readonly SerialDataReceivedEventArgs s_eof = new(SerialData.Eof);
    private readonly string _name = $"events of {line.Path}";
    private FdWatcher? _watcher;
    private Coroutine? _pins;
    private SerialErrorCounts _counted;
    private volatile bool _isStopping;
    private volatile bool _wantsPins;

    /// <summary>Whether nobody runs it any more, since its run has ended.</summary>
    internal bool IsOrphan => loop.HasEnded;

    internal void Start() => OnLoop(() => Coroutine.Spawn(
        RunAsync, new SpawnOptions { Name = _name, Daemon = DaemonRule.UntilWorkEnds }));

    /// <summary>Whether somebody wants to know of the modem lines.</summary>
    internal void WatchPins(bool wanted)
    {
        _wantsPins = wanted;
        OnLoop(UpdatePins);
    }

    /// <summary>What is there may now be enough.</summary>
    internal void Nudge() => OnLoop(() => _watcher?.OnEvents(EpollCalls.In));

    /// <summary>Any thread; no handler is called after it has returned on the loop's own, or soon after on another.</summary>
    internal void Stop()
    {
        _isStopping = true;
        _wantsPins = false;
        OnLoop(() =>
        {
            UpdatePins();
            _watcher?.OnEvents(EpollCalls.In);
        });
    }

    private void OnLoop(Action action)
    {
        if (loop.IsOnLoopThread)
            action();
        else
            loop.Inbox.Post(null, action, null);
    }

    private async Task RunAsync()
    {
        // Its descriptor is closed then: one that stays open would keep the device's number from being given out again.
        await WatchAsync();
        await port.BringBackAsync(line);
    }

    private async Task WatchAsync()
    {
        if (_isStopping || line.HasLeft)
            return;
        using FileDescriptor own = line.Duplicate();
        using FdWatcher watcher = loop.Reactor.Watch(own.Number, read: true, write: false, line.Path);
        _watcher = watcher;
        _counted = line.Counts.Look() ?? default;
        try
        {
            while (true)
            {
                await IoWait.UntilReadable(watcher, _name);
                watcher.ReadWouldBlock();
                if (_isStopping || !Look(own.Number))
                    return;
            }
        }
        finally
        {
            _watcher = null;
        }
    }

    /// <summary>False: the device is gone.</summary>
    private bool Look(int descriptor)
    {
        RaiseErrors();
        Span<byte> answer = stackalloc byte[sizeof(int)];
        int result = Syscall.Ioctl(descriptor, SerialUapi.InputQueued, answer);
        if (result < 0)
        {
            RaiseData(s_eof);
            return false;
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(answer) + port.CountAhead;
        if (count > 0 && count >= port.ReceivedBytesThreshold)
            RaiseData(s_chars);
        return true;
    }

    private void RaiseData(SerialDataReceivedEventArgs args) => Raise(port.DataHandlers, args, static (handler, sender, e) => handler(sender, e));

    private void RaiseError(SerialError error)
        => Raise(port.ErrorHandlers, new SerialErrorReceivedEventArgs(error), static (handler, sender, e) => handler(sender, e));

    private void RaisePin(SerialPinChange change)
        => Raise(port.PinHandlers, new SerialPinChangedEventArgs(change), static (handler, sender, e) => handler(sender, e));

    private void RaiseErrors()
    {
        if (line.Counts.Look() is not { } now)
            return;
        SerialErrorCounts before = _counted;
        _counted = now;
        if (now.Overruns != before.Overruns)
            RaiseError(SerialError.Overrun);
        if (now.BufferOverruns != before.BufferOverruns)
            RaiseError(SerialError.RXOver);
        if (now.ParityErrors != before.ParityErrors)
            RaiseError(SerialError.RXParity);
        if (now.FramingErrors != before.FramingErrors)
            RaiseError(SerialError.Frame);
        if (now.Breaks != before.Breaks)
            RaisePin(SerialPinChange.Break);
    }

    private void UpdatePins()
    {
        if (_wantsPins && _pins is null && !line.HasLeft)
        {
            _pins = Coroutine.Spawn(
                WatchPinsAsync, new SpawnOptions { Name = $"modem lines of {line.Path}", Daemon = DaemonRule.UntilWorkEnds });
        }
        else if (!_wantsPins)
        {
            _pins?.Kill();
            _pins = null;
        }
    }

    private async Task WatchPinsAsync()
    {
        ModemWatch.Sight sight = new();
        try
        {
            while (true)
            {
                ModemChange change = await line.Modem.NextAsync(sight, ModemLines.Inputs, default);
                RaisePins(change.Changed);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A pty, which has no such lines; or the device is gone, which is told otherwise.
        }
    }

    private void RaisePins(ModemLines changed)
    {
        if ((changed & ModemLines.Cts) != 0)
            RaisePin(SerialPinChange.CtsChanged);
        if ((changed & ModemLines.Dsr) != 0)
            RaisePin(SerialPinChange.DsrChanged);
        if ((changed & ModemLines.CarrierDetect) != 0)
            RaisePin(SerialPinChange.CDChanged);
        if ((changed & ModemLines.Ring) != 0)
            RaisePin(SerialPinChange.Ring);
    }

    /// <summary>Calls the handlers; what one throws is reported, and stops nothing.</summary>
    private void Raise<THandler, TArgs>(THandler? handlers, TArgs args, Action<THandler, object, TArgs> call)
        where THandler : Delegate
    {
        foreach (THandler handler in Delegate.EnumerateInvocationList(handlers))
        {
            if (_isStopping)
                return;
            try
            {
                call(handler, port, args);
            }
#pragma warning disable CA1031 // Whatever it is belongs to the handler.
            catch (Exception e)
#pragma warning restore CA1031
            {
                loop.Failures.ReportCallback(loop.Running, e);
            }
        }
    }
}
