using Sprig.Synchronization;

namespace Sprig.Devices.Tests.Serial;

/// <summary>One end of a line that lies within the loop: in virtual time nothing is waited for but what the test waits for. As a stream it is
/// a foreign one, which a deadline cuts by its token.</summary>
internal sealed class LoopLine : Stream
{
    private readonly AsyncQueue<byte[]> _in;
    private readonly AsyncQueue<byte[]> _out;
    private ReadOnlyMemory<byte> _rest;

    private LoopLine(AsyncQueue<byte[]> input, AsyncQueue<byte[]> output) => (_in, _out) = (input, output);

    /// <summary>Reads and writes throw, and what is sent to it is lost.</summary>
    internal bool IsUnplugged { get; private set; }

    internal bool IsClosed { get; private set; }

    /// <summary>What was written here, in pieces.</summary>
    internal List<byte[]> Written { get; } = [];

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    internal static (LoopLine Master, LoopLine Device) CreatePair()
    {
        AsyncQueue<byte[]> there = new(), back = new();
        return (new LoopLine(back, there), new LoopLine(there, back));
    }

    internal void Unplug()
    {
        IsUnplugged = true;
        // An empty piece wakes who reads.
        _in.PutNoWait([]);
    }

    internal void Plug()
    {
        IsUnplugged = false;
        while (_in.TryGet(out _))
        {
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check();
        while (_rest.IsEmpty)
        {
            _rest = await _in.GetAsync(cancellationToken);
            Check();
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check();
        Written.Add(buffer.ToArray());
        if (buffer.Length > 0)
            _out.PutNoWait(buffer.ToArray());
        return default;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing);
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (IsUnplugged)
            throw new IOException("The line was unplugged.");
    }
}
