using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Reading until the line is silent: past what was read ahead, and of a device that comes and goes.</content>
public sealed partial class SerialPort
{
    private const int Silence = -1;

    internal override ValueTask<int> ReadUntilAsync(Memory<byte> buffer, MonotonicTime due, CancellationToken cancellationToken = default)
        => _reconnection is { } reconnection
            ? ReadUntilOnAsync(reconnection, buffer, due, cancellationToken) : ReadUntilOnceAsync(buffer, due, cancellationToken);

    private ValueTask<int> ReadUntilOnceAsync(Memory<byte> buffer, MonotonicTime due, CancellationToken cancellationToken)
    {
        ThrowIfHandled();
        return _ahead.Count > 0 ? TakeAheadAsync(buffer, cancellationToken) : base.ReadUntilAsync(buffer, due, cancellationToken);
    }

    // A device that has gone is silent: the rest of what it began to send can't come any more.
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadUntilOnAsync(Reconnection reconnection, Memory<byte> buffer, MonotonicTime due, CancellationToken token)
    {
        if (reconnection.IsSettingUp)
            return await ReadUntilOnceAsync(buffer, due, token);
        ThrowIfClosed();
        token.ThrowIfCancellationRequested();
        if (!reconnection.IsConnected)
            return _ahead.Count > 0 ? await ReadOnAsync(reconnection, buffer, token) : Silence;
        BeginReadingOn();
        long connection = reconnection.ReopenCount;
        try
        {
            int count = await ReadUntilOnceAsync(buffer, due, token);
            if (count > 0)
                reconnection.OnData();
            return count;
        }
        catch (Exception e) when (IsLoss(reconnection, e, connection))
        {
            Lose(reconnection, e, connection);
            return Silence;
        }
        finally
        {
            _isReadingOn = false;
        }
    }
}
