using System.Runtime.CompilerServices;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Going on after the device was unplugged, where <see cref="SerialSettings.Reopen"/> says so.</content>
public sealed partial class SerialPort : IReconnecting
{
    private bool _isReadingOn;
    private bool _isWritingOn;

    /// <summary>Raised on the loop when the device has gone, and when it was opened again and set up: ask
    /// <see cref="IsConnected"/>. An exception out of it is reported, and ends nothing.</summary>
    public event EventHandler? ConnectionChanged;

    /// <summary>Whether it is open, and its device there: false from when the loop has learned that it is gone until it was opened
    /// again. It is brought back by whoever reads, writes or waits for it.</summary>
    public bool IsConnected => !IsClosed && _reconnection is not { IsConnected: false };

    /// <summary>How often it was opened again after its device had gone.</summary>
    public long ReopenCount => _reconnection?.ReopenCount ?? 0;

    /// <summary>While it isn't connected, why: what told that the device is gone, or why it can't be opened though it is there.</summary>
    public Exception? ConnectionFailure => _reconnection?.Failure;

    /// <summary>Waits until the device has gone and was opened again, more often than <paramref name="seen"/> says; gives how often.
    /// In a loop it misses none: <c>seen = await port.WaitForReopenAsync(seen)</c>, from 0 on.</summary>
    /// <param name="seen">The <see cref="ReopenCount"/> that was seen.</param>
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
        return reconnection.ReopenCount;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadOnAsync(Reconnection reconnection, Memory<byte> buffer, CancellationToken token)
    {
        if (reconnection.IsSettingUp)
            return await ReadOnceAsync(buffer, token);
        BeginReadingOn();
        try
        {
            while (true)
            {
                // What came before is there, whether the device is or not.
                if (!reconnection.IsConnected && _ahead.Count > 0 && !buffer.IsEmpty)
                {
                    token.ThrowIfCancellationRequested();
                    await Coroutine.CheckpointAsync();
                    return _ahead.Take(buffer.Span);
                }

                await reconnection.UntilConnectedAsync(token);
                long connection = reconnection.ReopenCount;
                try
                {
                    int count = await ReadOnceAsync(buffer, token);
                    if (count > 0)
                        reconnection.OnData();
                    return count;
                }
                catch (Exception e) when (IsLoss(reconnection, e, connection))
                {
                    Lose(reconnection, e, connection);
                }
            }
        }
        finally
        {
            _isReadingOn = false;
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask FillOnAsync(Reconnection reconnection, CancellationToken token)
    {
        if (reconnection.IsSettingUp)
        {
            await FillOnceAsync(token);
            return;
        }

        BeginReadingOn();
        try
        {
            while (true)
            {
                await reconnection.UntilConnectedAsync(token);
                long connection = reconnection.ReopenCount;
                try
                {
                    await FillOnceAsync(token);
                    reconnection.OnData();
                    return;
                }
                catch (Exception e) when (IsLoss(reconnection, e, connection))
                {
                    Lose(reconnection, e, connection);
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
            await WriteOnceAsync(buffer, token);
            return;
        }

        if (_isWritingOn)
            throw FdWatcher.BusyError(Device, "writer");
        _isWritingOn = true;
        _writeBegan = _line!.Sent;
        try
        {
            while (true)
            {
                await reconnection.UntilConnectedAsync(token);
                (long connection, SerialLine line) = (reconnection.ReopenCount, _line!);
                long before = line.Sent;
                try
                {
                    await WriteOnceAsync(buffer, token);
                    return;
                }
                catch (Exception e) when (IsLoss(reconnection, e, connection))
                {
                    Lose(reconnection, e, connection);
                    if (line.Sent != before)
                        throw new IOException($"{Device} was unplugged when {line.Sent - before} of {buffer.Length} bytes were written; the port waits for it to come back.", e);
                }
            }
        }
        finally
        {
            _isWritingOn = false;
        }
    }

    private bool IsLoss(Reconnection reconnection, Exception error, long connection) => ((IReopening)this).IsLoss(reconnection, error, connection);

    private void Lose(Reconnection reconnection, Exception failure, long connection)
    {
        if (connection == reconnection.ReopenCount)
            Lose(reconnection, failure);
    }

    private void BeginReadingOn()
    {
        if (_isReadingOn)
            throw FdWatcher.BusyError(Device, "reader");
        _isReadingOn = true;
    }
}
