namespace Sprig.IO.Links;

/// <content>What acks tell: what has come, and thereby what was lost.</content>
internal sealed partial class SendWindow
{
    private const int SuspectedAtOnce = 3;

    /// <summary>The latest in the order of sending that is known to have come.</summary>
    private long _provenOrder;

    /// <summary>Works an ack in.</summary>
    /// <param name="ack">What came.</param>
    /// <param name="now">The time, for round trips.</param>
    /// <param name="timedOut">When nothing was heard in time, last: what was sent before that gives no round trip.</param>
    /// <param name="loss">Is told what became of each frame.</param>
    internal AckOutcome Acknowledge(LinkAck ack, long now, long timedOut, LossEstimate loss)
    {
        // The low 16 bits are enough: the window is less than half of what they count.
        long received = Acknowledged + (short)(ack.Received - (ushort)Acknowledged);
        AckOutcome outcome = default;
        if (received < Acknowledged || received > Next)
            return outcome;
        PeerEdge = Math.Max(PeerEdge, received + ack.Window);
        long proven = _provenOrder;
        outcome.HasProgress = received > Acknowledged;
        Acknowledged = received;
        RemoveFirst(now, loss, ref outcome);
        MarkReceived(ack, now, loss, ref outcome);
        if (outcome.SentAt < timedOut)
            outcome.RoundTrip = 0;
        if (_provenOrder > proven)
            FindLost(ack, loss, ref outcome);
        return outcome;
    }

    /// <summary>Nothing was heard in time: the first few that may be on their way are sent again, though they may only be late. A few,
    /// since one could be lost again.</summary>
    /// <returns>False when nothing is on its way.</returns>
    internal bool SuspectFirst(LossEstimate loss)
    {
        int count = 0;
        for (LinkSegment? segment = _first; segment is not null && count < SuspectedAtOnce; segment = segment.Next)
        {
            if (segment.State != LinkSegmentState.InFlight)
                continue;
            count++;
            segment.IsSuspect = true;
            loss.Add(segment.WireLength, arrived: false);
            List(segment);
        }

        return count > 0;
    }

    private void RemoveFirst(long now, LossEstimate loss, ref AckOutcome outcome)
    {
        while (_first is { } segment && segment.End <= Acknowledged)
        {
            Arrived(segment, now, loss, ref outcome);
            _first = segment.Next;
            if (_first is null)
                _last = null;
            // One that waits to be sent again goes when its turn comes.
            if (!segment.IsListed)
                Return(segment);
        }
    }

    private void MarkReceived(LinkAck ack, long now, LossEstimate loss, ref AckOutcome outcome)
    {
        LinkSegment? segment = _first;
        while (ack.TryNext(out uint start, out uint end))
        {
            while (segment is not null && segment.Start < Acknowledged + start)
                segment = segment.Next;
            for (; segment is not null && segment.End <= Acknowledged + end; segment = segment.Next)
            {
                outcome.HasProgress |= segment.State != LinkSegmentState.Received;
                Arrived(segment, now, loss, ref outcome);
            }
        }
    }

    /// <summary>A line keeps the order: what was sent before something that has come, and has not come itself, is lost.</summary>
    private void FindLost(LinkAck ack, LossEstimate loss, ref AckOutcome outcome)
    {
        LinkSegment? segment = _first;
        bool covered = ack.CoversStart;
        while (ack.TryNext(out uint start, out uint end))
        {
            for (; segment is not null && segment.End <= Acknowledged + start; segment = segment.Next)
            {
                if (covered)
                    Judge(segment, loss, ref outcome);
            }

            while (segment is not null && segment.End <= Acknowledged + end)
                segment = segment.Next;
            covered = true;
        }

        for (; segment is not null && ack.CoversEnd; segment = segment.Next)
            Judge(segment, loss, ref outcome);
    }

    private void Judge(LinkSegment segment, LossEstimate loss, ref AckOutcome outcome)
    {
        if (segment.State != LinkSegmentState.InFlight || segment.Order >= _provenOrder)
            return;
        loss.Add(segment.WireLength, arrived: false);
        outcome.Lost++;
        List(segment);
    }

    private void Arrived(LinkSegment segment, long now, LossEstimate loss, ref AckOutcome outcome)
    {
        if (segment.State == LinkSegmentState.Received)
            return;
        if (segment.State == LinkSegmentState.InFlight)
        {
            Flight -= segment.WireLength;
            loss.Add(segment.WireLength, arrived: true);
        }

        NoteRoundTrip(segment, now, ref outcome);
        _provenOrder = Math.Max(_provenOrder, segment.SureOrder);
        outcome.WireBytes += segment.WireLength;
        segment.State = LinkSegmentState.Received;
    }

    /// <summary>By the latest that has come alone: news of the others may be old, and just told again. Which of two copies has come
    /// can't be told either; where the first is known to be lost, it can.</summary>
    private void NoteRoundTrip(LinkSegment segment, long now, ref AckOutcome outcome)
    {
        if (segment.Order <= Math.Max(outcome.Newest, _provenOrder))
            return;
        outcome.Newest = segment.Order;
        outcome.SentAt = segment.SentAt;
        outcome.RoundTrip = segment.SureOrder == segment.Order ? Math.Max(1, now - segment.SentAt) : 0;
    }

    private void List(LinkSegment segment)
    {
        Flight -= segment.WireLength;
        segment.State = LinkSegmentState.Lost;
        segment.IsListed = true;
        if (_lastLost is null)
            _firstLost = segment;
        else
            _lastLost.NextLost = segment;
        _lastLost = segment;
    }
}
