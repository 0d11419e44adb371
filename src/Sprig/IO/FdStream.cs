using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>A <see cref="Stream"/> over a non-blocking descriptor: its awaitable reads and writes hand the thread to the
/// other coroutines while they wait, so code that never heard of Sprig runs on the loop with it.</summary>
/// <remarks>One reader and one writer at a time; a second is an error, at once. Loop thread only, but for Dispose. A wait
/// that throws (kill, deadline, cancellation) has taken no byte. The synchronous members block the whole thread: they are
/// for foreign code on threads of its own.</remarks>
public abstract partial class FdStream : Stream
{
    private FdWatcher? _watcher;
    private CoroutineScheduler? _scheduler;
    private bool _disposed;

    private protected FdStream(string device, bool isOpen = true)
    {
        Name(device);
        _disposed = !isOpen;
    }

    /// <summary>What it is, for messages: a path, a peer.</summary>
    public string Device { get; private set; }

    private protected abstract int Descriptor { get; }

    private protected string ReadWait { get; private set; }

    private string WriteWait { get; set; }

    /// <summary>Reads what is there, at least one byte; waits for it if there is none. 0 at the end of the stream.</summary>
    /// <exception cref="IOException">The device is gone, or failed; the message names it.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine is reading.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        FdWatcher watcher = Watch();
        watcher.ThrowIfReading();
        if (IoWait.MustPause(_scheduler!))
            return ReadAsync(watcher, buffer, pause: true, cancellationToken);
        return TryRead(watcher, buffer.Span, out int count) ? new ValueTask<int>(count) : ReadAsync(watcher, buffer, pause: false, cancellationToken);
    }

    /// <summary>Writes all of it, or throws; waits for room where there is none.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        FdWatcher watcher = Watch();
        watcher.ThrowIfWriting();
        if (IoWait.MustPause(_scheduler!))
            return WriteAsync(watcher, buffer, pause: true, cancellationToken);
        // Tried before any event told of room: usually there is some.
        int written = TryWrite(watcher, buffer.Span);
        return written == buffer.Length ? default : WriteAsync(watcher, buffer[written..], pause: false, cancellationToken);
    }

    /// <summary>A read that took so many bytes may have left some, though there was room for them: then only EAGAIN proves that there
    /// are none.</summary>
    private protected virtual int MostAtOnce => int.MaxValue;

    /// <summary>One non-blocking attempt: the count, or minus errno.</summary>
    private protected abstract int TryRead(Span<byte> buffer);

    /// <inheritdoc cref="TryRead(Span{byte})"/>
    private protected abstract int TryWrite(ReadOnlySpan<byte> buffer);

    private protected abstract void CloseDescriptor();

    /// <summary>What is to be called on the loop as soon as the device is hung up, though nobody reads or writes.</summary>
    private protected virtual Action? HungUp => null;

    /// <summary>What closes the descriptor that it has now: one that can be opened again may have another when that is called.</summary>
    private protected virtual Action DescriptorToClose() => CloseDescriptor;

    private protected virtual Exception ErrorOf(int errno, string action) => Errno.ToException(errno, action, Device);

    /// <summary>The watcher of its descriptor in the running scheduler. Floor 4's own waits may use it, within the rules above.</summary>
    private protected FdWatcher Watch()
    {
        ThrowIfClosed();
        CoroutineScheduler current = CoroutineScheduler.Current;
        FdWatcher? watcher = _watcher;
        if (IoWait.Serves(watcher, current))
            return watcher;
        watcher = current.Reactor.Watch(Descriptor, read: true, write: true, Device);
        watcher.HungUp = HungUp;
        (_watcher, _scheduler) = (watcher, current);
        return watcher;
    }

    /// <summary>One attempt of a read that has begun; false: now it may wait.</summary>
    private protected bool TryRead(FdWatcher watcher, Span<byte> buffer, out int count)
    {
        count = 0;
        if (!watcher.MayRead)
            return false;
        // Read nothing: foreign code asks so whether there is data before it takes a buffer.
        return buffer.IsEmpty || Ask(watcher, buffer, out count);
    }

    /// <summary>Asks the descriptor itself, whatever was told of it; false: it has nothing.</summary>
    private bool Ask(FdWatcher watcher, Span<byte> buffer, out int count)
    {
        count = TryRead(buffer);
        if (count == -Errno.EAGAIN)
        {
            watcher.ReadWouldBlock();
            return false;
        }

        if (count < 0)
            throw ErrorOf(-count, "read");
        if (count < Math.Min(buffer.Length, MostAtOnce))
            watcher.ReadDrained();
        return true;
    }

    /// <summary>The same for one that waits: what has come may have been read ahead meanwhile, by one who blocked.</summary>
    private protected virtual bool TryTake(FdWatcher watcher, Span<byte> buffer, out int count) => TryRead(watcher, buffer, out count);

    private int TryWrite(FdWatcher watcher, ReadOnlySpan<byte> buffer)
    {
        int written = 0;
        while (written < buffer.Length)
        {
            int result = TryWrite(buffer[written..]);
            if (result == -Errno.EAGAIN)
            {
                watcher.WriteWouldBlock();
                break;
            }

            if (result < 0)
                throw ErrorOf(-result, "write");
            written += result;
        }

        return written;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadAsync(FdWatcher watcher, Memory<byte> buffer, bool pause, CancellationToken token)
    {
        watcher.IsReading = true;
        try
        {
            if (pause)
            {
                await IoWait.Turn();
                ThrowIfLeft(watcher);
            }

            int count;
            while (!TryTake(watcher, buffer.Span, out count))
            {
                await IoWait.UntilReadable(watcher, ReadWait, token);
                ThrowIfLeft(watcher);
            }

            return count;
        }
        finally
        {
            watcher.IsReading = false;
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteAsync(FdWatcher watcher, ReadOnlyMemory<byte> buffer, bool pause, CancellationToken token)
    {
        watcher.IsWriting = true;
        try
        {
            if (pause)
            {
                await IoWait.Turn();
                ThrowIfLeft(watcher);
            }

            while (true)
            {
                buffer = buffer[TryWrite(watcher, buffer.Span)..];
                if (buffer.IsEmpty)
                    return;
                await IoWait.UntilWritable(watcher, WriteWait, token);
                ThrowIfLeft(watcher);
            }
        }
        finally
        {
            watcher.IsWriting = false;
        }
    }
}
