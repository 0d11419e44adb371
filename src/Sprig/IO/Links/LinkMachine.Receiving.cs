using System.Buffers.Binary;

namespace Sprig.IO.Links;

/// <content>What comes in.</content>
internal sealed partial class LinkMachine
{
    private long _sent;
    private long _lineReceived;
    private long _framesReceived;
    private long _damaged;
    private long _duplicates;
    private long _freshFrom = long.MaxValue;

    /// <summary>Takes bytes of the line: what came, in pieces of any size.</summary>
    internal void Receive(ReadOnlySpan<byte> bytes, long now)
    {
        _lineReceived += bytes.Length;
        while (_codec.TryTake(ref bytes, out ReadOnlySpan<byte> frame))
        {
            // Two zeros: an end that was sent to be sure.
            if (!frame.IsEmpty && End == LinkEnd.None)
                TakeFrame(frame, now);
        }
    }

    private void TakeFrame(ReadOnlySpan<byte> frame, long now)
    {
        int length = _codec.Decode(frame);
        ReadOnlySpan<byte> body = length < 0 ? default : _codec.Body[..length];
        bool isHello = length > 0 && ((LinkFlags)body[0] & LinkFlags.Hello) != 0;
        if (length < 0 || (!isHello && _peer == 0) || !_codec.IsIntact(isHello ? 0 : KeyOf(_peer, _local), length))
            _damaged++;
        else if (!isHello)
            TakeBody(body, now);
        else if (LinkHello.TryRead(body, out LinkHello hello))
            TakeHello(hello, now);
        else
            _damaged++;
    }

    private void TakeHello(LinkHello hello, long now)
    {
        // One's own echo: from a line in half duplex, or one whose ends are joined.
        if (hello.Sender == _local)
            return;
        if (IsOpen && hello.Sender != _peer)
        {
            End = LinkEnd.Restarted;
            return;
        }

        if (!IsOpen)
        {
            _peer = hello.Sender;
            _outgoing.PeerEdge = hello.Window;
            if (hello.Heard == _local)
                Open(now);
        }

        _mustGreet |= hello.Asks || !IsOpen;
    }

    private void Open(long now)
    {
        IsOpen = true;
        _heardAt = now;
        _advertisedEdge = _incoming.Edge;
    }

    private void TakeBody(ReadOnlySpan<byte> body, long now)
    {
        // Whoever made it knows both ids: that the answer to the hello was lost does not matter.
        if (!IsOpen)
            Open(now);
        _framesReceived++;
        _arrivalGap += (Math.Min(now - _heardAt, MostAckDelay) - _arrivalGap) / 8;
        (_heardAt, _askingSince) = (now, long.MaxValue);
        LinkFlags flags = (LinkFlags)body[0];
        body = body[1..];
        if ((flags & LinkFlags.Ack) != 0)
        {
            if (!LinkAck.TryRead(ref body, (flags & LinkFlags.Ranges) != 0, out LinkAck ack))
                return;
            TakeAck(ack, now);
        }

        if ((flags & LinkFlags.Reset) != 0)
            End = body is [(byte)LinkEnd.Closed] ? LinkEnd.Closed : LinkEnd.Aborted;
        if ((flags & LinkFlags.Ask) != 0)
            (_acksDue, _freshFrom) = ((flags & LinkFlags.Data) != 0 ? AcksInNeed : 1, _incoming.Received);
        if ((flags & LinkFlags.Data) != 0 && body.Length >= sizeof(ushort))
            TakeData(BinaryPrimitives.ReadUInt16LittleEndian(body), body[sizeof(ushort)..], (flags & LinkFlags.Fin) != 0, now);
    }

    private void TakeAck(LinkAck ack, long now)
    {
        bool wasIdle = _outgoing.Flight == 0;
        AckOutcome outcome = _outgoing.Acknowledge(ack, now, _timedOutAt, _loss);
        if (outcome.RoundTrip > 0)
        {
            _roundTrip.Add(outcome.RoundTrip);
            _limit.Add(outcome.RoundTrip - _roundTrip.Shortest, outcome.WireBytes, Payload + DataOverhead, _wasLimited);
            _wasLimited = false;
        }

        // An answer while nothing is on its way: the other side lives, and has no room.
        if (!outcome.HasProgress && !wasIdle)
            return;
        _timerBase = now;
        _waitingSince = long.MaxValue;
        NoteWaiting(now);
    }

    private void TakeData(ushort position, ReadOnlySpan<byte> data, bool isLast, long now)
    {
        long start = _incoming.Received + (short)(position - (ushort)_incoming.Received);
        bool hadGap = _incoming.RangeCount > 0;
        if (!_incoming.Accept(start, data, isLast))
        {
            _duplicates++;
            _acksDue |= 1;
            return;
        }

        if (start >= _incoming.Received)
            _freshFrom = Math.Min(_freshFrom, start);
        // A gap is told at once, and its end; what comes in order every other time, or soon.
        bool hasGap = _incoming.RangeCount > 0;
        _unacknowledgedFrames++;
        if (hadGap != hasGap || isLast || _unacknowledgedFrames % FramesAnAck == 0)
            _acksDue = hasGap ? Math.Min(1 + _unacknowledgedFrames / FramesInDoubt, MostAcks) : 1;
        else if (_ackDue == long.MaxValue)
            _ackDue = now + AckDelay;
    }

    private static ulong KeyOf(uint sender, uint receiver) => sender | ((ulong)receiver << 32);
}
