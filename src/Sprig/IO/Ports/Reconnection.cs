using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>Brings the device of a port back after it was unplugged. There is no coroutine of its own for it: one of those who wait
/// does it for all, and when that one leaves (killed, out of time), the next.</summary>
internal sealed class Reconnection
{
    private readonly IReopening _port;
    private readonly ReopenPolicy _policy;
    private readonly WaitQueue _waiting;
    private readonly WaitQueue _watching;
    private BackOff _backOff;
    private DeviceArrival? _arrival;
    private Coroutine? _setter;
    private MonotonicTime? _openedAt;
    private bool _isProven;
    private bool _mustHold;

    /// <summary>Connected at first.</summary>
    internal Reconnection(IReopening port, ReopenPolicy policy)
    {
        _port = port;
        _policy = policy;
        _backOff = new BackOff(policy.FirstDelay, policy.LongestDelay);
        _waiting = new WaitQueue($"{port.Device} to come back");
        _watching = new WaitQueue($"{port.Device} to be reopened");
    }

    /// <summary>Open and set up.</summary>
    internal bool IsConnected { get; private set; } = true;

    internal long Reopened { get; private set; }

    /// <summary>Why it isn't connected just now: what told that the device has gone, then why it can't be opened.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>The running coroutine is the one that sets the device up: it uses the port while the others still wait.</summary>
    internal bool IsSettingUp => _setter is not null && _setter == Coroutine.CurrentOrNull;

    /// <summary>It gives data: when it goes again, it may be opened again at once.</summary>
    internal void OnData() => _isProven = true;

    /// <summary>The device has gone, and its descriptor is closed.</summary>
    internal void OnLost(Exception failure)
    {
        Failure = failure;
        // One that goes as soon as it was opened, and gives nothing, would keep the loop busy.
        _mustHold = !_isProven && _openedAt is { } since && MonotonicTime.Now - since < _policy.LongestDelay;
        if (!_mustHold)
            _backOff.Reset();
        if (!IsConnected)
            return;
        IsConnected = false;
        _watching.WakeAll();
        _port.OnConnectionChanged();
    }

    /// <summary>The port was closed: those who wait find out.</summary>
    internal void OnClosed()
    {
        _arrival?.Dispose();
        _waiting.WakeAll();
        _watching.WakeAll();
    }

    /// <summary>Returns when the device is there, open and set up, or the port is closed.</summary>
    internal async ValueTask UntilConnectedAsync(CancellationToken token)
    {
        while (!IsConnected && !_port.IsClosed)
        {
            if (_arrival is not null)
                await _waiting.WaitAsync(token);
            else
                await BringBackAsync(token);
        }
    }

    /// <summary>Returns when it was reopened more often than <paramref name="seen"/> says, or the port is closed.</summary>
    internal async ValueTask UntilReopenedAsync(long seen, CancellationToken token)
    {
        while ((Reopened <= seen || !IsConnected) && !_port.IsClosed)
        {
            if (IsConnected)
                await UntilLostAsync(token);
            else
                await UntilConnectedAsync(token);
        }
    }

    // The loop is told by the descriptor when the device goes: it can come, and waiting for it is no deadlock.
    private async ValueTask UntilLostAsync(CancellationToken token)
    {
        Reactor reactor = CoroutineScheduler.Current.Reactor;
        reactor.Armed++;
        try
        {
            await _watching.WaitAsync(token);
        }
        finally
        {
            reactor.Armed--;
        }
    }

    private async ValueTask BringBackAsync(CancellationToken token)
    {
        using DeviceArrival arrival = _arrival = new DeviceArrival(_port.Device);
        try
        {
            if (_mustHold)
                await arrival.WaitAsync(_backOff.Next(), token);
            while (true)
            {
                if (!arrival.Look())
                {
                    _backOff.Reset();
                    await arrival.WaitAsync(Timeout.InfiniteTimeSpan, token);
                }
                else if (TryOpen() && await TrySetUpAsync())
                {
                    break;
                }
                else
                {
                    await arrival.WaitAsync(_backOff.Next(), token);
                }
            }

            IsConnected = true;
        }
        catch (ObjectDisposedException) when (_port.IsClosed)
        {
            // Whoever waits tells it in the words of the port.
        }
        finally
        {
            _arrival = null;
            if (IsConnected || _port.IsClosed)
                _waiting.WakeAll();
            else
                _waiting.WakeOne();
        }

        if (IsConnected)
            _port.OnConnectionChanged();
    }

    private bool TryOpen()
    {
        try
        {
            _port.OpenDevice();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
            return false;
        }

        Failure = null;
        _isProven = false;
        _openedAt = MonotonicTime.Now;
        Reopened++;
        return true;
    }

    // False: it has gone again meanwhile. What else goes wrong is told to who waits, and the device is closed until the next try.
    private async ValueTask<bool> TrySetUpAsync()
    {
        _setter = Coroutine.Current;
        bool isSetUp = false;
        try
        {
            await _port.SetUpAsync();
            isSetUp = _port.IsDeviceOpen;
        }
        catch (Exception e) when (_port.IsLoss(e, Reopened))
        {
            Failure = e;
        }
        finally
        {
            _setter = null;
            if (!isSetUp)
                _port.LoseDevice(Failure ?? new IOException($"{_port.Device} was not set up."));
        }

        return isSetUp;
    }
}
