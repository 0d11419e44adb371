namespace Sprig.IO;

/// <summary>A stream of the loop that is awaited alone, both ways: its synchronous members would stop what is to end their wait, and are
/// not supported. What comes after it says how it reads, writes and ends.</summary>
public abstract class AwaitedStream : Stream
{
    private const string AwaitAlone = "It lives on the loop, where nothing may block: await ReadAsync and WriteAsync.";

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not supported: there is no end to measure.</summary>
    public override long Length => throw new NotSupportedException($"{this} has no length.");

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException($"{this} has no position.");
        set => throw new NotSupportedException($"{this} has no position.");
    }

    /// <summary>Reads what is there, at least one byte; waits for it if there is none. 0 at the end.</summary>
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes all of it; waits for room where there is none.</summary>
    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing to do: writes are not held back.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing to do: writes are not held back.</summary>
    public override void Flush()
    {
    }

    /// <summary>Not supported: await <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(AwaitAlone);

    /// <summary>Not supported: await <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(AwaitAlone);

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException($"{this} can't seek.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException($"{this} has no length.");
}
