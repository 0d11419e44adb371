using Sprig.Devices.Tests.Serial;

namespace Sprig.Devices.Tests.Modbus;

/// <summary>A two-wire adapter that hears what it says.</summary>
internal sealed class EchoingAdapter(LoopLine inner) : Stream
{
    private ReadOnlyMemory<byte> _echo;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_echo.IsEmpty)
            return inner.ReadAsync(buffer, cancellationToken);
        // In two pieces, as adapters deliver.
        int count = Math.Min((_echo.Length + 1) / 2, buffer.Length);
        _echo[..count].CopyTo(buffer);
        _echo = _echo[count..];
        return new ValueTask<int>(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _echo = buffer.ToArray();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
