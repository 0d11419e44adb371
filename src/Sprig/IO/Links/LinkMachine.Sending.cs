using System.Buffers.Binary;

namespace Sprig.IO.Links;

/// <content>What goes out.</content>
internal sealed partial class LinkMachine
{
    /// <summary>The line's bytes of a frame of data beyond the data: flags, position, CRC, COBS, end.</summary>
    private const int DataOverhead = 3 + FrameCodec.Overhead;
    private const int LeastPayload = 8;
    private const int FramesAnAck = 2;

    /// <summary>Where much came at once, with gaps, one ack would have to bring it all: of so many frames there is another, that may come
    /// where the first does not.</summary>
    private const int FramesInDoubt = 8;
    private const int MostAcks = 3;

    /// <summary>Answers to one who has waited in vain: the earlier ones may have been lost on the way.</summary>
    private const int AcksInNeed = 2;

    /// <summary>Pieces listed by a frame that carries data, and by one that carries nothing else: a long list is as easily lost
    /// as a long frame.</summary>
    private const int RangesBesideData = 4;
    private const int RangesAlone = 12;

    private long _lineSent;
    private long _framesSent;
    private long _framesResent;
    private long _advertisedEdge;
    private int _unacknowledgedFrames;
    private bool _mustGreet;
    private int _acksDue;
    private bool _mustAsk;
    private bool _mustResend;
    private bool _hasTurn;
    private int _turn;
    private bool _wasLimited;

    /// <summary>Bytes of data of the frames that it sends now: by the measured loss.</summary>
    private int Payload => _loss.BestPayload(DataOverhead, LeastPayload, _terms.MaxPayload);

    /// <summary>Fills a buffer with what is to go onto the line now; 0 when there is nothing.</summary>
    /// <param name="destination">At least <see cref="FrameCodec.MaxEncoded"/> bytes.</param>
    /// <param name="now">The time.</param>
    internal int Produce(Span<byte> destination, long now)
    {
        LookAtTime(now);
        int written = 0;
        while (destination.Length - written >= FrameCodec.MaxEncoded)
        {
            int length = WriteBody(_codec.Body, now, out ulong key);
            if (length == 0)
                break;
            written += _codec.Encode(key, length, destination[written..]);
            _framesSent++;
        }

        _lineSent += written;
        return written;
    }

    private int WriteBody(Span<byte> body, long now, out ulong key)
    {
        key = KeyOf(_local, _peer);
        if (_resetsDue > 0)
            return WriteReset(body);
        if (End != LinkEnd.None)
            return 0;
        if (_mustGreet)
        {
            _mustGreet = false;
            key = 0;
            return new LinkHello(_local, _peer, _terms.BufferSize, !IsOpen).Write(body);
        }

        if (!IsOpen)
            return 0;
        if (MaySendData())
            return WriteData(body, now);
        if (_acksDue == 0 && !_mustAsk)
            return 0;
        LinkFlags flags = _mustAsk ? LinkFlags.Ask : LinkFlags.None;
        _mustAsk = false;
        int length = 1 + WriteAck(body[1..], RangesAlone, ref flags);
        body[0] = (byte)flags;
        return length;
    }

    private bool MaySendData()
    {
        if (!_outgoing.HasLost && !_outgoing.MaySendNew)
            return false;
        int frame = Payload + DataOverhead;
        if (_mustResend || _outgoing.Flight == 0 || _outgoing.Flight + frame <= _limit.Bytes(frame))
            return true;
        _wasLimited = true;
        return false;
    }

    private int WriteData(Span<byte> body, long now)
    {
        bool isAgain = _outgoing.HasLost;
        LinkSegment segment = _outgoing.TakeNext(Payload)!;
        LinkFlags flags = LinkFlags.Data | (segment.IsLast ? LinkFlags.Fin : LinkFlags.None);
        int length = 1;
        if (_mustAsk)
            (flags, _mustAsk) = (flags | LinkFlags.Ask, false);
        if (_acksDue > 0)
            length += WriteAck(body[1..], RangesBesideData, ref flags);
        BinaryPrimitives.WriteUInt16LittleEndian(body[length..], (ushort)segment.Start);
        length += sizeof(ushort);
        _outgoing.Copy(segment, body[length..]);
        length += segment.DataLength;
        body[0] = (byte)flags;
        if (_outgoing.Flight == 0)
            _timerBase = now;
        _outgoing.Sent(segment, length + FrameCodec.Overhead, now);
        _mustResend = false;
        _framesResent += isAgain ? 1 : 0;
        return length;
    }

    /// <summary>Writes what has come. Where that is more than the list holds, another frame will go on with it.</summary>
    private int WriteAck(Span<byte> body, int most, ref LinkFlags flags)
    {
        int all = _incoming.RangeCount;
        int first = all <= most ? 0 : _freshFrom != long.MaxValue ? FirstFresh(most) : FirstInTurn(most);
        int count = Math.Min(most, all - first);
        if (first + count == all)
            _freshFrom = long.MaxValue;
        else if (_freshFrom != long.MaxValue)
            _freshFrom = _incoming.Ranges[first + count - 1].End;
        if (all <= most || (_freshFrom == long.MaxValue && !_hasTurn))
            _acksDue = Math.Max(0, _acksDue - 1);
        _ackDue = long.MaxValue;
        _unacknowledgedFrames = 0;
        _advertisedEdge = _incoming.Edge;
        flags |= all > 0 ? LinkFlags.Ack | LinkFlags.Ranges : LinkFlags.Ack;
        return LinkAck.Write(body, _incoming, first, count);
    }

    /// <summary>The piece to list first so that the news comes, and the gap before it.</summary>
    private int FirstFresh(int most)
    {
        ReadOnlySpan<(long Start, long End)> ranges = _incoming.Ranges;
        int first = 0;
        while (first < ranges.Length - 1 && ranges[first].End <= _freshFrom)
            first++;
        _hasTurn = true;
        return Math.Clamp(first - 1, 0, ranges.Length - most);
    }

    /// <summary>After the news the rest, a piece of the list each time: an ack may be lost, and what is sent again may be too.</summary>
    private int FirstInTurn(int most)
    {
        _hasTurn = false;
        int first = _turn < _incoming.RangeCount ? Math.Min(_turn, _incoming.RangeCount - most) : 0;
        _turn = first + most < _incoming.RangeCount ? first + most - 1 : 0;
        return first;
    }

    private int WriteReset(Span<byte> body)
    {
        _resetsDue--;
        if (_peer == 0)
            return 0;
        LinkFlags flags = LinkFlags.Reset;
        int length = 1 + WriteAck(body[1..], RangesBesideData, ref flags);
        body[0] = (byte)flags;
        body[length++] = (byte)_resetReason;
        return length;
    }
}
