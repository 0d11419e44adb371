using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO.Framing;

/// <summary>Reads frames from any stream. Reads ahead, so it owns the reading of its stream: see <see cref="TakeUnread"/>.</summary>
/// <remarks>One reader at a time. A wait that throws (kill, deadline, token) loses no byte: the next call goes on with what has come.
/// What is no good frame is dropped and counted (<see cref="Counts"/>), and the reading goes on behind it. In the steady state nothing
/// is allocated.</remarks>
/// <example><code>
/// FrameReader reader = new(port, FrameFormat.Cobs(maxLength: 256).WithCheck(Crc16.CcittFalse));
/// await foreach (ReadOnlyMemory&lt;byte&gt; frame in reader)
///     Handle(frame.Span);
/// </code></example>
public sealed partial class FrameReader : IAsyncEnumerable<ReadOnlyMemory<byte>>
{
    private readonly Stream _stream;
    private bool _isReading;

    /// <summary>A reader of <paramref name="stream"/>.</summary>
    /// <param name="stream">Is not closed by the reader.</param>
    /// <param name="format">How the frames lie in it.</param>
    /// <param name="received">Bytes that were read from it before, by another.</param>
    public FrameReader(Stream stream, FrameFormat format, ReadOnlySpan<byte> received = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(format);
        _stream = stream;
        _reconnecting = stream as IReconnecting;
        _reopened = _reconnecting?.ReopenCount ?? 0;
        _format = format;
        _buffer = new byte[Math.Max(FirstSize(format), received.Length)];
        received.CopyTo(_buffer);
        _end = received.Length;
        _counts.BytesReceived = received.Length;
        ForgetPosition();
    }

    /// <summary>What was seen so far.</summary>
    public FrameCounts Counts => _counts;

    /// <summary>How large the buffer is.</summary>
    internal int Capacity => _buffer.Length;

    /// <summary>How many bytes it has received and not yet decided on.</summary>
    public int Buffered => _end - _start;

    /// <summary>Is told of every piece that is dropped, in the midst of reading; what it throws comes out there, and nothing is lost
    /// by it.</summary>
    public DroppedBytes? Dropped { get; set; }

    /// <summary>How the frames lie in the stream. When it is changed, what was received and not yet given is read in the new
    /// way.</summary>
    /// <exception cref="InvalidOperationException">A coroutine is reading.</exception>
    public FrameFormat Format
    {
        get => _format;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ThrowIfReading();
            _format = value;
            ForgetPosition();
        }
    }

    /// <summary>The next frame, valid until the next call; null at the end of the stream.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The device is gone, or failed.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine is reading; or the format has a gap, and no coroutine is running to
    /// wait for it.</exception>
    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfReading();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadOnlyMemory<byte>?>(cancellationToken);
        // Frames that have come already count as operations too; what is read from the stream is counted there.
        ValueTask turn = _end > _start ? Coroutine.CheckpointAsync() : default;
        return turn.IsCompletedSuccessfully && TryTake(out ReadOnlyMemory<byte> frame)
            ? new ValueTask<ReadOnlyMemory<byte>?>(frame)
            : ReadMoreAsync(turn, cancellationToken);
    }

    /// <summary>The next frame, if it has been received whole; never waits, never reads.</summary>
    /// <param name="frame">Valid until the next call.</param>
    public bool TryRead(out ReadOnlyMemory<byte> frame)
    {
        ThrowIfReading();
        return TryTake(out frame);
    }

    /// <summary>Takes back what it has read ahead, for another reader of the stream.</summary>
    /// <exception cref="InvalidOperationException">A coroutine is reading.</exception>
    public byte[] TakeUnread()
    {
        ThrowIfReading();
        byte[] unread = _buffer[_start.._end];
        _counts.BytesReceived -= unread.Length;
        _start = _end = 0;
        ForgetPosition();
        return unread;
    }

    /// <summary><c>await foreach</c>: frame by frame, each valid until the next, to the end of the stream.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    public IAsyncEnumerator<ReadOnlyMemory<byte>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => new Enumerator(this, cancellationToken);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>?> ReadMoreAsync(ValueTask turn, CancellationToken cancellationToken)
    {
        _isReading = true;
        try
        {
            await turn;
            while (true)
            {
                if (TryTake(out ReadOnlyMemory<byte> frame))
                    return frame;
                if (_cut == FrameCut.End)
                    return null;
                OnReceived(await ReceiveAsync(cancellationToken));
            }
        }
        finally
        {
            _isReading = false;
        }
    }

    private void ThrowIfReading()
    {
        if (_isReading)
            throw new InvalidOperationException("A coroutine reads frames here already; one at a time. Let one coroutine do it, or guard it with a lock.");
    }

    private sealed class Enumerator(FrameReader reader, CancellationToken cancellationToken) : IAsyncEnumerator<ReadOnlyMemory<byte>>
    {
        public ReadOnlyMemory<byte> Current { get; private set; }

        // An async iterator would post each frame through the ring, and allocate for it.
        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            ReadOnlyMemory<byte>? next = await reader.ReadAsync(cancellationToken);
            Current = next.GetValueOrDefault();
            return next.HasValue;
        }

        public ValueTask DisposeAsync() => default;
    }
}
