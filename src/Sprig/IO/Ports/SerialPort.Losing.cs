using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>The device of a port that is to be opened again: how it goes, and how it is opened.</content>
public sealed partial class SerialPort : IReopening
{
    private bool _isLost;
    private long _written;

    bool IReopening.IsClosed => IsClosed;

    bool IReopening.IsDeviceOpen => !_isLost;

    private protected override Action? HungUp => _reconnection is null ? null : OnHungUp;

    void IReopening.OpenDevice()
    {
        FileDescriptor tty = DeviceAccess.Open(Device);
        try
        {
            SetUp(tty, Settings.ToFrame());
            _tty = tty;
            // Closed by another thread meanwhile: it has seen the new one, or we see that it has closed.
            Interlocked.MemoryBarrier();
            // From now on the loop is told when this one goes, though nobody reads.
            _ = Watch();
            _isLost = false;
        }
        catch
        {
            tty.Dispose();
            throw;
        }
    }

    ValueTask IReopening.SetUpAsync() => Settings.Reopen?.SetUp?.Invoke(this) ?? default;

    void IReopening.LoseDevice(Exception failure) => Lose(failure);

    bool IReopening.IsLoss(Exception error, long connection) => IsLoss(error, connection);

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

    // What the set-up writes is not the waiting writer's.
    private void OnWritten(int count)
    {
        if (_reconnection is { IsSettingUp: false })
            _written += count;
    }

    private void OnHungUp() => Lose(ErrorOf(Errno.EIO, "watch"));

    private void Lose(Exception failure)
    {
        if (_isLost || IsClosed)
            return;
        _isLost = true;
        LetGo();
        CloseTty();
        _reconnection!.OnLost(failure);
    }

    // Closed is what those are told too who waited when another noticed first.
    private bool IsLoss(Exception error, long connection) => !IsClosed
        && (error is IOException { HResult: Errno.EIO or Errno.ENODEV or Errno.ENXIO }
            || (error is ObjectDisposedException && (_isLost || connection != Reopened)));

    private void Lose(Exception failure, long connection)
    {
        if (connection == Reopened)
            Lose(failure);
    }
}
