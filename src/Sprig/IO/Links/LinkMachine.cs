namespace Sprig.IO.Links;

/// <summary>The protocol of a <see cref="ReliableLink"/> without its line and its clock: bytes and times go in, bytes come out.</summary>
/// <remarks>
/// Life: opening -> open -> ended (see <see cref="LinkEnd"/>). While it opens it says hello with its own random id, and the id it
/// has heard; it is open when it hears its own id back, or a frame that only one who knows both ids could have made.
/// From then on the ids are the key of each frame's CRC, so that no byte of another session can get in.
/// Times are nanoseconds of a clock that never goes back.
/// </remarks>
internal sealed partial class LinkMachine
{
    private readonly LinkTerms _terms;
    private readonly uint _local;
    private readonly ReceiveWindow _incoming;
    private readonly SendWindow _outgoing;
    private readonly FlightLimit _limit;
    private readonly FrameCodec _codec = new();
    private readonly RoundTrip _roundTrip = new();
    private readonly LossEstimate _loss = new();
    private uint _peer;

    /// <param name="terms">How it is set.</param>
    /// <param name="id">Of this session: random, not 0.</param>
    /// <param name="now">The time.</param>
    internal LinkMachine(LinkTerms terms, uint id, long now)
    {
        _terms = terms;
        _local = id;
        _incoming = new ReceiveWindow(terms.BufferSize);
        _outgoing = new SendWindow(terms.BufferSize);
        _limit = new FlightLimit(2 * terms.BufferSize);
        _helloDue = _heardAt = now;
    }

    /// <summary>Whether both sides know each other.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Why it carries nothing any more, if it doesn't.</summary>
    internal LinkEnd End { get; private set; }

    /// <summary>Bytes that can be read now.</summary>
    internal int Available => _incoming.Available;

    /// <summary>Whether the other side has ended, and all it had sent was read.</summary>
    internal bool IsAtEnd => _incoming.IsAtEnd;

    /// <summary>Bytes that can be written now.</summary>
    internal int Room => IsOpen && End == LinkEnd.None ? _outgoing.Room : 0;

    /// <summary>Whether all that was written, and the end if that was, has come.</summary>
    internal bool IsAllAcknowledged => _outgoing.IsAllAcknowledged;

    /// <summary>Bytes that were written and are not known to have come.</summary>
    internal long Unacknowledged => _outgoing.Unacknowledged;

    /// <summary>Whether nothing may be written any more.</summary>
    internal bool HasWrittenEnd => _outgoing.HasEnd;

    /// <summary>Takes in as much as there is room for.</summary>
    /// <returns>The number of bytes taken.</returns>
    internal int Write(ReadOnlySpan<byte> data, long now)
    {
        int count = Room == 0 ? 0 : _outgoing.Write(data);
        _sent += count;
        NoteWaiting(now);
        return count;
    }

    /// <summary>Says that nothing more will be written.</summary>
    internal void WriteEnd(long now)
    {
        _outgoing.WriteEnd();
        NoteWaiting(now);
    }

    /// <summary>Reads what has come, as much as fits.</summary>
    /// <param name="buffer">Filled from the front.</param>
    /// <param name="mustSend">Whether the other side should be told that there is room again.</param>
    internal int Read(Span<byte> buffer, out bool mustSend)
    {
        int count = _incoming.Take(buffer);
        int quarter = _terms.BufferSize / 4;
        // A sender that believes itself to be near the edge might be waiting.
        mustSend = _advertisedEdge - _incoming.Received < quarter && _incoming.Edge - _advertisedEdge >= quarter && !_incoming.IsWhole;
        _acksDue |= mustSend ? 1 : 0;
        return count;
    }

    /// <summary>What it has done so far.</summary>
    internal LinkStatistics Statistics => new()
    {
        BytesSent = _sent - _outgoing.Unacknowledged,
        BytesReceived = _incoming.Received - (_incoming.IsWhole ? 1 : 0),
        LineBytesSent = _lineSent,
        LineBytesReceived = _lineReceived,
        FramesSent = _framesSent,
        FramesResent = _framesResent,
        FramesReceived = _framesReceived,
        DamagedFrames = _damaged,
        DuplicateFrames = _duplicates,
        Timeouts = _timeouts,
        RoundTrip = TimeSpan.FromTicks(_roundTrip.Smoothed / 100),
        LossPerByte = _loss.PerByte,
        FramePayload = Payload,
        FlightLimit = _limit.Bytes(Payload + DataOverhead),
    };
}
