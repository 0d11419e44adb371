using System.Runtime.CompilerServices;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>Brings the device of a port back after it was unplugged. There is no coroutine of its own for it: one of those who wait
/// does it for all, and when that one leaves (killed, out of time), the next.</summary>
internal sealed partial class Reconnection
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
    private volatile bool _isClosed;

    /// <summary>Connected at first.</summary>
    internal Reconnection(IReopening port, ReopenPolicy policy, long reopened)
    {
        ReopenCount = reopened;
        _port = port;
        _policy = policy;
        _backOff = new BackOff(policy.FirstDelay, policy.LongestDelay);
        _waiting = new WaitQueue($"{port.Device} to come back");
        _watching = new WaitQueue($"{port.Device} to be reopened");
    }

    /// <summary>The port was closed; it may be open anew, and have another one of these.</summary>
    internal bool IsClosed => _isClosed;

    /// <summary>Open and set up.</summary>
    internal bool IsConnected { get; private set; } = true;

    internal long ReopenCount { get; private set; }

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

    /// <summary>Any thread; <see cref="OnClosed"/> follows on the loop.</summary>
    internal void Close() => _isClosed = true;

    /// <summary>The port was closed: those who wait find out.</summary>
    internal void OnClosed()
    {
        _isClosed = true;
        _arrival?.Dispose();
        _waiting.WakeAll();
        _watching.WakeAll();
    }

    /// <summary>Returns when the device is there, open and set up.</summary>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask UntilConnectedAsync(CancellationToken token)
    {
        while (!IsConnected && !_isClosed)
        {
            if (_arrival is not null)
                await _waiting.WaitAsync(token);
            else
                await BringBackAsync(token);
        }

        ThrowIfClosed();
    }

    /// <summary>Returns when it was reopened more often than <paramref name="seen"/> says.</summary>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    internal async ValueTask UntilReopenedAsync(long seen, CancellationToken token)
    {
        while ((ReopenCount <= seen || !IsConnected) && !_isClosed)
        {
            if (IsConnected)
                await UntilLostAsync(token);
            else
                await UntilConnectedAsync(token);
        }

        ThrowIfClosed();
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw new ObjectDisposedException(_port.Device);
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
}
