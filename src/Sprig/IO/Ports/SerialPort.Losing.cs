using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>The device of a port that is to be opened again: how it goes, and how it is opened.</content>
public sealed partial class SerialPort : IReopening
{
    private Reconnection? _reconnection;
    private bool _isLost;

    bool IReopening.IsDeviceOpen => !_isLost;

    private protected override Action? HungUp => _reconnection is null ? null : TellOfHangUp(new WeakReference<SerialPort>(this));

    /// <summary>Open, and its device was not seen to go.</summary>
    private bool IsConnectedLine => IsOpen && !_isLost;

    void IReopening.OpenDevice(Reconnection reconnection)
    {
        SerialLine line = OpenSet();
        try
        {
            ObjectDisposedException.ThrowIf(reconnection.IsClosed, this);
            lock (_gate)
            {
                EndConversation();
                _line = line;
            }

            // Closed by another thread meanwhile: it has seen the new one, or we see that it has closed.
            Interlocked.MemoryBarrier();
            ObjectDisposedException.ThrowIf(reconnection.IsClosed, this);
            _isLost = false;
            // From now on the loop is told when this one goes, though nobody reads.
            _ = Watch();
        }
        catch
        {
            _isLost = true;
            line.Dispose();
            throw;
        }

        SerialMeter.Add(line);
        // Those of the line before, whose handlers were added while it was away.
        StopEvents();
        UpdateEvents();
    }

    ValueTask IReopening.SetUpAsync() => Settings.Reopen?.SetUp?.Invoke(this) ?? default;

    void IReopening.LoseDevice(Reconnection reconnection, Exception failure) => Lose(reconnection, failure);

    // Closed is what those are told too who waited when another noticed first.
    bool IReopening.IsLoss(Reconnection reconnection, Exception error, long connection) => !reconnection.IsClosed
        && (error is IOException { HResult: Errno.EIO or Errno.ENODEV or Errno.ENXIO }
            || (error is ObjectDisposedException && (_isLost || connection != reconnection.ReopenCount)));

    void IReopening.OnConnectionChanged()
    {
        try
        {
            ConnectionChanged?.Invoke(this, EventArgs.Empty);
        }
#pragma warning disable CA1031 // Of whatever kind: it is reported, and who reads or writes goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CoroutineScheduler.Current.Failures.ReportCallback(Coroutine.CurrentOrNull, e);
        }
    }

    /// <summary>For the events of a line that has ended: nobody may read or write who would bring the device back.</summary>
    internal async ValueTask BringBackAsync(SerialLine line)
    {
        if (_reconnection is not { IsClosed: false } reconnection || line != _line)
            return;
        Lose(reconnection, ErrorOf(Errno.EIO, "watch"));
        try
        {
            await reconnection.UntilConnectedAsync(default);
        }
        catch (ObjectDisposedException) when (reconnection.IsClosed)
        {
            // There are no events any more.
        }
    }

    private void BeginConnection()
    {
        _isLost = false;
        _reconnection = Settings.Reopen is { } policy ? new Reconnection(this, policy, ReopenCount) : null;
    }

    // What comes now is none of what came before: nor are marks and changes.
    private void EndConversation()
    {
        if (_isSkipping)
            _ahead.Clear();
        else
            _ahead.Cut();
        _isSkipping = false;
        RenewFilter();
        _sight = new ModemWatch.Sight();
        _breakState = false;
        _writeBegan = -LastWriteCount;
    }

    // Weak: the loop is not to hold a port that nobody holds any more, and that is closed by its finalizer.
    private static Action TellOfHangUp(WeakReference<SerialPort> port) => () =>
    {
        if (port.TryGetTarget(out SerialPort? target))
            target.OnHungUp();
    };

    private void OnHungUp()
    {
        if (_reconnection is { } reconnection)
            Lose(reconnection, ErrorOf(Errno.EIO, "watch"));
    }

    private void Lose(Reconnection reconnection, Exception failure)
    {
        if (_isLost || reconnection != _reconnection || reconnection.IsClosed)
            return;
        _isLost = true;
        StopEvents();
        LetGo();
        _line!.Lose(failure);
        reconnection.OnLost(failure);
    }

    private IOException LostError() => new($"{PortName} was unplugged; the port waits for it to come back.", _reconnection?.Failure);
}
