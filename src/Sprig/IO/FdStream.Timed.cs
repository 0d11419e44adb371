using System.Runtime.CompilerServices;
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
                ThrowIfLeft(watcher);
                // When the time is over, an event may still be on its way.
                if (inTime ? TryTake(watcher, buffer.Span, out int count) : Ask(watcher, buffer.Span, out count))
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
}
