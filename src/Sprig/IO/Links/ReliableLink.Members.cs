namespace Sprig.IO.Links;

/// <content>The rest of what a <see cref="Stream"/> has; it is awaited alone.</content>
public sealed partial class ReliableLink
{
    private const string AwaitAlone = "A link lives on the loop, where nothing may block: await ReadAsync and WriteAsync.";

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not supported: there is no end to measure.</summary>
    public override long Length => throw new NotSupportedException($"{Name} has no length.");

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException($"{Name} has no position.");
        set => throw new NotSupportedException($"{Name} has no position.");
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing to do: what was written is sent without being asked. It does not wait until it has come, as
    /// <see cref="DrainAsync"/> does.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="FlushAsync"/>
    public override void Flush()
    {
    }

    /// <summary>Not supported: await <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(AwaitAlone);

    /// <summary>Not supported: await <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(AwaitAlone);

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException($"{Name} can't seek.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException($"{Name} has no length.");

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}
