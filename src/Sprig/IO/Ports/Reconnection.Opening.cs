using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>What the one does who brings the device back.</content>
internal sealed partial class Reconnection
{
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
        catch (ObjectDisposedException) when (_isClosed)
        {
            // Whoever waits tells it in the words of the port.
        }
        finally
        {
            _arrival = null;
            if (IsConnected || _isClosed)
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
            _port.OpenDevice(this);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
            return false;
        }

        Failure = null;
        _isProven = false;
        _openedAt = MonotonicTime.Now;
        ReopenCount++;
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
        catch (Exception e) when (_port.IsLoss(this, e, ReopenCount))
        {
            Failure = e;
        }
        finally
        {
            _setter = null;
            if (!isSetUp)
                _port.LoseDevice(this, Failure ?? new IOException($"{_port.Device} was not set up."));
        }

        return isSetUp;
    }
}
