using Sprig.Linux;

namespace Sprig.IO;

/// <content>The rest of what a <see cref="Stream"/> has: the synchronous members, and those that make no sense here.</content>
public abstract partial class FdStream
{
    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not supported: there is no end to measure.</summary>
    public override long Length => throw new NotSupportedException($"{Device} has no length.");

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException($"{Device} has no position.");
        set => throw new NotSupportedException($"{Device} has no position.");
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks the thread, and every coroutine on it, until there is data.</summary>
    public override int Read(Span<byte> buffer)
    {
        ThrowIfClosed();
        int result;
        while ((result = TryRead(buffer)) == -Errno.EAGAIN)
            _ = Syscall.WaitReady(Descriptor, Syscall.PollIn);
        return result >= 0 ? result : throw ErrorOf(-result, "read");
    }

    /// <summary>Blocks the thread, and every coroutine on it, until all is written.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfClosed();
        while (!buffer.IsEmpty)
        {
            int result = TryWrite(buffer);
            if (result >= 0)
                buffer = buffer[result..];
            else if (result == -Errno.EAGAIN)
                _ = Syscall.WaitReady(Descriptor, Syscall.PollOut);
            else
                throw ErrorOf(-result, "write");
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Nothing to do: writes go straight to the kernel.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException($"{Device} can't seek.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException($"{Device} has no length.");
}
