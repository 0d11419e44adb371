namespace Sprig.IO.Links;

/// <summary>The sending half of a session: a ring of bytes from the first that is not acknowledged to the last that was written.
/// Positions as in <see cref="ReceiveWindow"/>.</summary>
internal sealed partial class SendWindow(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private LinkSegment? _pool;
    private LinkSegment? _first;
    private LinkSegment? _last;
    private LinkSegment? _firstLost;
    private LinkSegment? _lastLost;
    private long _order;

    /// <summary>All before this position has come.</summary>
    internal long Acknowledged { get; private set; }

    /// <summary>The first position that was never sent.</summary>
    internal long Next { get; private set; }

    /// <summary>The position after the last byte that was written.</summary>
    internal long Written { get; private set; }

    /// <summary>Whether the end follows <see cref="Written"/>.</summary>
    internal bool HasEnd { get; private set; }

    /// <summary>The first position the other side has no room for. The end itself needs none.</summary>
    internal long PeerEdge { get; set; }

    /// <summary>Bytes on the line of what may still arrive.</summary>
    internal int Flight { get; private set; }

    internal bool HasLost
    {
        get
        {
            TrimLost();
            return _firstLost is not null;
        }
    }

    /// <summary>Whether there is something that was never sent.</summary>
    internal bool HasNew => Next < End;

    /// <summary>Whether the other side has room for something that was never sent.</summary>
    internal bool MaySendNew => Next < Math.Min(Written, PeerEdge) || (Next == Written && HasEnd);

    internal bool IsAllAcknowledged => Acknowledged == End;

    /// <summary>Bytes that were written and are not known to have come in order.</summary>
    internal long Unacknowledged => Math.Max(0, Written - Acknowledged);

    internal int Room => HasEnd ? 0 : capacity - (int)(Written - Acknowledged);

    private long End => HasEnd ? Written + 1 : Written;

    /// <summary>Takes in as much as there is room for.</summary>
    internal int Write(ReadOnlySpan<byte> data)
    {
        int count = Math.Min(data.Length, Room);
        int at = (int)(Written % capacity);
        int first = Math.Min(count, capacity - at);
        data[..first].CopyTo(_ring.AsSpan(at));
        data[first..count].CopyTo(_ring);
        Written += count;
        return count;
    }

    /// <summary>Nothing will be written after what was.</summary>
    internal void WriteEnd() => HasEnd = true;

    /// <summary>Copies the bytes of a segment.</summary>
    internal void Copy(LinkSegment segment, Span<byte> destination)
    {
        int count = segment.DataLength;
        int at = (int)(segment.Start % capacity);
        int first = Math.Min(count, capacity - at);
        _ring.AsSpan(at, first).CopyTo(destination);
        _ring.AsSpan(0, count - first).CopyTo(destination[first..]);
    }

    /// <summary>The next segment to send: one that was lost, cut down to size, or a new one.</summary>
    /// <param name="payload">So many bytes at most.</param>
    internal LinkSegment? TakeNext(int payload)
    {
        if (!HasLost)
            return MaySendNew ? TakeNew(payload) : null;
        LinkSegment lost = UnlistFirst();
        if (lost.DataLength > payload)
            Split(lost, payload);
        return lost;
    }

    /// <summary>Notes that a segment goes out.</summary>
    internal void Sent(LinkSegment segment, int wireLength, long now)
    {
        segment.State = LinkSegmentState.InFlight;
        segment.Order = ++_order;
        if (!segment.IsSuspect)
            segment.SureOrder = segment.Order;
        segment.IsSuspect = false;
        segment.SentAt = now;
        segment.WireLength = wireLength;
        Flight += wireLength;
    }

    private LinkSegment UnlistFirst()
    {
        LinkSegment segment = _firstLost!;
        _firstLost = segment.NextLost;
        segment.NextLost = null;
        segment.IsListed = false;
        if (_firstLost is null)
            _lastLost = null;
        return segment;
    }

    /// <summary>Drops from the list what has come after all.</summary>
    private void TrimLost()
    {
        while (_firstLost is { State: LinkSegmentState.Received })
        {
            LinkSegment segment = UnlistFirst();
            if (segment.End <= Acknowledged)
                Return(segment);
        }
    }

    private LinkSegment TakeNew(int payload)
    {
        LinkSegment segment = Rent();
        segment.Start = Next;
        long end = Math.Min(Math.Min(Written, PeerEdge), Next + payload);
        end = Math.Max(end, Next);
        segment.IsLast = end == Written && HasEnd;
        segment.End = Next = segment.IsLast ? end + 1 : end;
        if (_last is null)
            _first = segment;
        else
            _last.Next = segment;
        _last = segment;
        return segment;
    }

    /// <summary>Leaves the first bytes in the segment, and the rest in one behind it that is lost as well.</summary>
    private void Split(LinkSegment segment, int payload)
    {
        LinkSegment rest = Rent();
        rest.Start = segment.Start + payload;
        rest.End = segment.End;
        rest.IsLast = segment.IsLast;
        rest.Order = segment.Order;
        rest.SureOrder = segment.SureOrder;
        rest.SentAt = segment.SentAt;
        rest.WireLength = segment.WireLength;
        rest.State = LinkSegmentState.Lost;
        rest.IsSuspect = segment.IsSuspect;
        rest.IsListed = true;
        rest.Next = segment.Next;
        segment.End = rest.Start;
        segment.IsLast = false;
        segment.Next = rest;
        if (_last == segment)
            _last = rest;
        rest.NextLost = _firstLost;
        _firstLost = rest;
        _lastLost ??= rest;
    }

    private LinkSegment Rent()
    {
        if (_pool is not { } segment)
            return new LinkSegment();
        _pool = segment.Next;
        segment.Next = null;
        segment.IsSuspect = segment.IsLast = false;
        return segment;
    }

    private void Return(LinkSegment segment)
    {
        segment.Next = _pool;
        _pool = segment;
    }
}
