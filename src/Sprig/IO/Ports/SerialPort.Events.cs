using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Events: raised on the loop in which the first handler was added, or the port was opened; where there is none, on the one
/// thread "sprig-serial". Nothing wakes up while nothing comes.</content>
public sealed partial class SerialPort
{
    private readonly Lock _eventGate = new();
    private SerialDataReceivedEventHandler? _dataReceived;
    private SerialErrorReceivedEventHandler? _errorReceived;
    private SerialPinChangedEventHandler? _pinChanged;
    private CoroutineScheduler? _openedIn;
    private EventPump? _pump;

    /// <summary>Bytes have come, and there are at least <see cref="ReceivedBytesThreshold"/>. The handlers read them; what they leave is
    /// told again with the next that come.</summary>
    /// <remarks>While it has handlers, awaited reads are errors: they would take what the handlers were told of. A handler that blocks
    /// holds up its loop.</remarks>
    /// <exception cref="InvalidOperationException">An awaited read is under way.</exception>
    public event SerialDataReceivedEventHandler DataReceived
    {
        add => Handle(() =>
        {
            if (IsOpen && (IsReading || _isReadingOn))
                throw new InvalidOperationException($"A coroutine reads from {PortName}: let it, or DataReceived, but not both.");
            _dataReceived += value;
        });
        remove => Handle(() => _dataReceived -= value);
    }

    /// <summary>The driver has counted an error: told when the bytes after it come. Not where it counts none: see
    /// <see cref="ErrorCounts"/>.</summary>
    public event SerialErrorReceivedEventHandler ErrorReceived
    {
        add => Handle(() => _errorReceived += value);
        remove => Handle(() => _errorReceived -= value);
    }

    /// <summary>A line of the other end has changed, or a break was received. Never raised where there are no such lines: a pty.</summary>
    public event SerialPinChangedEventHandler PinChanged
    {
        add => Handle(() => _pinChanged += value);
        remove => Handle(() => _pinChanged -= value);
    }

    /// <summary>So many bytes are to be there before <see cref="DataReceived"/> is raised: 1 unless set.</summary>
    public int ReceivedBytesThreshold
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
            lock (_eventGate)
                _pump?.Nudge();
        }
    } = 1;

    internal SerialDataReceivedEventHandler? DataHandlers => _dataReceived;

    internal SerialErrorReceivedEventHandler? ErrorHandlers => _errorReceived;

    internal SerialPinChangedEventHandler? PinHandlers => _pinChanged;

    private void Handle(Action change)
    {
        lock (_eventGate)
            change();
        UpdateEvents();
    }

    private void UpdateEvents()
    {
        lock (_eventGate)
        {
            bool isWanted = IsOpen && (_dataReceived is not null || _errorReceived is not null || _pinChanged is not null);
            if (!isWanted || _pump is { IsOrphan: true })
            {
                _pump?.Stop();
                _pump = null;
            }

            if (isWanted && _pump is null)
            {
                _pump = new EventPump(this, _line!, ChooseLoop());
                _pump.Start();
            }

            _pump?.WatchPins(_pinChanged is not null);
        }
    }

    private CoroutineScheduler ChooseLoop()
        => CoroutineScheduler.CurrentOrNull ?? (_openedIn is { HasEnded: false } run ? run : SerialThread.Scheduler);

    private void StopEvents()
    {
        lock (_eventGate)
        {
            _pump?.Stop();
            _pump = null;
        }
    }

    private void ThrowIfHandled()
    {
        if (_dataReceived is not null)
            throw new InvalidOperationException($"DataReceived of {PortName} has handlers, which read what comes; remove them, or read in them.");
    }
}
