using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>One end of a line in memory: what is written to one end is read at the other. No descriptor and no outside, so that
/// virtual time moves on as soon as everybody waits.</summary>
/// <remarks>Disposing an end is pulling it out: the other end reads 0 after what was written, and writing to it is an
/// <see cref="IOException"/>. Loop thread only. One reader and one writer at a time.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It stands for a line.")]
public sealed class MemoryLine : AwaitedStream
{
    private readonly Half _incoming;
    private readonly Half _outgoing;
    private bool _isDisposed;

    private MemoryLine(Half incoming, Half outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>Both ends of one.</summary>
    /// <param name="capacity">Bytes that may be under way in each direction; who writes more waits.</param>
    public static (MemoryLine First, MemoryLine Second) CreatePair(int capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Half one = new(capacity);
        Half other = new(capacity);
        return (new MemoryLine(one, other), new MemoryLine(other, one));
    }

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <summary>Reads what is there, at least one byte; waits for it if there is none. 0 when the other end was pulled out.</summary>
    /// <exception cref="ObjectDisposedException">This end was.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Coroutine.CheckpointAsync();
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_incoming.TryRead(buffer.Span, out int count))
                return count;
            await _incoming.Readers.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes all of it; waits for room where there is none.</summary>
    /// <exception cref="IOException">The other end was pulled out.</exception>
    /// <exception cref="ObjectDisposedException">This end was.</exception>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Coroutine.CheckpointAsync();
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            buffer = buffer[_outgoing.Write(buffer.Span)..];
            if (buffer.IsEmpty)
                return;
            await _outgoing.Writers.WaitAsync(cancellationToken);
        }
    }

    /// <summary>"a line in memory".</summary>
    public override string ToString() => "a line in memory";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _incoming.Cut();
            _outgoing.Cut();
        }

        base.Dispose(disposing);
    }

    private sealed class Half(int capacity)
    {
        private readonly byte[] _bytes = new byte[capacity];
        private int _start;
        private int _count;
        private bool _isCut;

        internal WaitQueue Readers { get; } = new("data from a line in memory");

        internal WaitQueue Writers { get; } = new("room in a line in memory");

        internal void Cut()
        {
            _isCut = true;
            Readers.WakeAll();
            Writers.WakeAll();
        }

        internal bool TryRead(Span<byte> buffer, out int count)
        {
            count = Math.Min(buffer.Length, Math.Min(_count, capacity - _start));
            if (count == 0 && !buffer.IsEmpty)
                return _isCut;
            _bytes.AsSpan(_start, count).CopyTo(buffer);
            _start = (_start + count) % capacity;
            _count -= count;
            Writers.WakeOne();
            return true;
        }

        internal int Write(ReadOnlySpan<byte> data)
        {
            if (_isCut)
                throw new IOException("The other end of a line in memory was pulled out.");
            int done = 0;
            while (done < data.Length && _count < capacity)
            {
                int end = (_start + _count) % capacity;
                int count = Math.Min(data.Length - done, Math.Min(capacity - _count, capacity - end));
                data.Slice(done, count).CopyTo(_bytes.AsSpan(end));
                done += count;
                _count += count;
            }

            if (done > 0)
                Readers.WakeOne();
            return done;
        }
    }
}
