using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices.Serial;

/// <summary>A foreign stream whose waits end with a deadline: it needs the deadline's token for that, and who reads an answer gives none.</summary>
internal sealed class CutStream : Stream
{
    private readonly Stream _inner;
    private readonly CancellationToken _token;

    private CutStream(Stream inner, CancellationToken token) => (_inner, _token) = (inner, token);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The stream itself, where the deadline cuts it without a token.</summary>
    internal static Stream Over(Stream line, Deadline deadline) => line is FdStream ? line : new CutStream(line, deadline.Token);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _inner.ReadAsync(buffer, cancellationToken.CanBeCanceled ? cancellationToken : _token);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _inner.WriteAsync(buffer, cancellationToken.CanBeCanceled ? cancellationToken : _token);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken)
        => _inner.FlushAsync(cancellationToken.CanBeCanceled ? cancellationToken : _token);

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => _inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => _inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
