namespace Sprig.Testing.Serial;

/// <summary>A stream of a test's, on the loop: it is awaited alone, both ways. What comes after it says how it reads, writes and ends.</summary>
public abstract class AwaitedStream : Stream
{
    private const string AwaitAlone = "A virtual device runs on the loop, where nothing may block: await ReadAsync and WriteAsync.";

    /// <inheritdoc/>
    public override bool CanRead => !IsDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !IsDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether it was disposed of.</summary>
    private protected bool IsDisposed { get; private set; }

    /// <summary>Reads what is there, at least one byte; waits for it if there is none.</summary>
    public sealed override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => LoopTask<int>.Of(TakeAsync(buffer, cancellationToken));

    /// <summary>Writes all of it.</summary>
    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => LoopTask<bool>.WithoutResult(GiveAsync(buffer, cancellationToken));

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

    /// <summary>Not supported: await it.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(AwaitAlone);

    /// <summary>Not supported: await it.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(AwaitAlone);

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>How it reads.</summary>
    private protected abstract ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>How it writes; the result says whether all went out.</summary>
    private protected abstract ValueTask<bool> GiveAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Ends it, once.</summary>
    private protected abstract void End();

    /// <summary>Ends it: who reads or writes here gets <see cref="ObjectDisposedException"/>.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !IsDisposed)
        {
            IsDisposed = true;
            End();
        }

        base.Dispose(disposing);
    }
}
