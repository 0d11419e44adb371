using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <content>A read that ends without an exception when nothing has come by a time: for what is told by silence.</content>
public abstract partial class FdStream
{
    /// <summary>As <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>, but -1 when there is nothing at <paramref name="due"/>.</summary>
    /// <remarks>Where the loop comes late, the descriptor is asked once more: what had come by then was no silence.</remarks>
    internal virtual ValueTask<int> ReadUntilAsync(Memory<byte> buffer, MonotonicTime due, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        FdWatcher watcher = Watch();
        watcher.ThrowIfReading();
        if (IoWait.MustPause(_scheduler!))
            return ReadUntilAsync(watcher, buffer, due, pause: true, cancellationToken);
        return TryRead(watcher, buffer.Span, out int count)
            ? new ValueTask<int>(count)
            : ReadUntilAsync(watcher, buffer, due, pause: false, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadUntilAsync(FdWatcher watcher, Memory<byte> buffer, MonotonicTime due, bool pause, CancellationToken token)
    {
        watcher.IsReading = true;
        try
        {
            if (pause)
                await IoWait.Turn();
            bool inTime = true;
            while (true)
            {
                // Closed meanwhile, or closed and opened again: then this is not what was waited for.
                if (watcher.IsClosed || watcher != _watcher)
                    throw new ObjectDisposedException(watcher.Device);
                if (inTime ? TryTake(watcher, buffer.Span, out int count) : TryReadAnyway(watcher, buffer.Span, out count))
                    return count;
                if (!inTime)
                    return -1;
                inTime = await IoWait.UntilReadable(watcher, ReadWait, due, token);
            }
        }
        finally
        {
            watcher.IsReading = false;
        }
    }

    /// <summary>Asks the descriptor itself: an event may be on its way.</summary>
    private bool TryReadAnyway(FdWatcher watcher, Span<byte> buffer, out int count)
    {
        count = TryRead(buffer);
        if (count == -Errno.EAGAIN)
            return false;
        if (count < 0)
            throw ErrorOf(-count, "read");
        if (count < Math.Min(buffer.Length, MostAtOnce))
            watcher.ReadDrained();
        return true;
    }
}
