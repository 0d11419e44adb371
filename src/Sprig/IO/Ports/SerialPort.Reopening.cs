using System.Runtime.CompilerServices;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Going on after the device was unplugged, where <see cref="SerialSettings.Reopen"/> says so.</content>
public sealed partial class SerialPort : IReconnecting
{
    private readonly Reconnection? _reconnection;
    private bool _isReadingOn;
    private bool _isWritingOn;

    /// <summary>Raised on the loop when the device has gone, and when it was opened again and set up: ask
    /// <see cref="IsConnected"/>. An exception out of it is reported, and ends nothing.</summary>
    public event EventHandler? ConnectionChanged;

    /// <summary>Whether it is open, and its device there: false from when the loop has learned that it is gone until it was opened
    /// again. It is brought back by whoever reads, writes or waits for it.</summary>
    public bool IsConnected => !IsClosed && _reconnection is not { IsConnected: false };

    /// <summary>How often it was opened again after its device had gone.</summary>
    public long Reopened => _reconnection?.Reopened ?? 0;

    /// <summary>While it isn't connected, why: what told that the device is gone, or why it can't be opened though it is there.</summary>
    public Exception? ConnectionFailure => _reconnection?.Failure;

    /// <summary>How many lines were cut by an unplugging, and dropped.</summary>
    public long TornLines => _lines?.Torn ?? 0;

    /// <summary>Waits until the device has gone and was opened again, more often than <paramref name="seen"/> says; gives how often.
    /// In a loop it misses none: <c>seen = await port.WaitForReopenAsync(seen)</c>, from 0 on.</summary>
    /// <param name="seen">The <see cref="Reopened"/> that was seen.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="InvalidOperationException">The port is not one that is opened again: <see cref="SerialSettings.Reopen"/>.</exception>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<long> WaitForReopenAsync(long seen, CancellationToken cancellationToken = default)
    {
        Reconnection reconnection = _reconnection
            ?? throw new InvalidOperationException($"{Device} is not opened again when it was unplugged; set {nameof(SerialSettings)}.{nameof(SerialSettings.Reopen)}.");
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        await Coroutine.CheckpointAsync();
        // The loop is to tell when the device is hung up, though nobody reads.
        if (reconnection.IsConnected)
            _ = Watch();
        await reconnection.UntilReopenedAsync(seen, cancellationToken);
        ThrowIfClosed();
        return reconnection.Reopened;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _reconnection is null ? base.ReadAsync(buffer, cancellationToken) : ReadOnAsync(_reconnection, buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _reconnection is null ? base.WriteAsync(buffer, cancellationToken) : WriteOnAsync(_reconnection, buffer, cancellationToken);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadOnAsync(Reconnection reconnection, Memory<byte> buffer, CancellationToken token)
    {
        if (reconnection.IsSettingUp)
            return await base.ReadAsync(buffer, token);
        if (_isReadingOn)
            throw FdWatcher.BusyError(Device, "reader");
        _isReadingOn = true;
        try
        {
            while (true)
            {
                await reconnection.UntilConnectedAsync(token);
                long connection = reconnection.Reopened;
                try
                {
                    int count = await base.ReadAsync(buffer, token);
                    if (count > 0)
                        reconnection.OnData();
                    return count;
                }
                catch (Exception e) when (IsLoss(e, connection))
                {
                    Lose(e, connection);
                }
            }
        }
        finally
        {
            _isReadingOn = false;
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteOnAsync(Reconnection reconnection, ReadOnlyMemory<byte> buffer, CancellationToken token)
    {
        if (reconnection.IsSettingUp)
        {
            await base.WriteAsync(buffer, token);
            return;
        }

        if (_isWritingOn)
            throw FdWatcher.BusyError(Device, "writer");
        _isWritingOn = true;
        try
        {
            while (true)
            {
                await reconnection.UntilConnectedAsync(token);
                (long connection, long before) = (reconnection.Reopened, _written);
                try
                {
                    await base.WriteAsync(buffer, token);
                    return;
                }
                catch (Exception e) when (IsLoss(e, connection))
                {
                    Lose(e, connection);
                    if (_written != before)
                        throw new IOException($"{Device} was unplugged when {_written - before} of {buffer.Length} bytes were written; the port waits for it to come back.", e);
                }
            }
        }
        finally
        {
            _isWritingOn = false;
        }
    }
}
