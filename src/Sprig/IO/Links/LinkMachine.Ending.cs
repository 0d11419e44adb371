namespace Sprig.IO.Links;

/// <content>How it ends. In order: the end is written and acknowledged, then the other side is told that nobody listens any more,
/// a few times and whenever it asks, since nobody acknowledges that.</content>
internal sealed partial class LinkMachine
{
    private const int Farewells = 3;

    private LinkEnd _resetReason;
    private int _resetsDue;
    private int _farewellsLeft;
    private long _resetDue = long.MaxValue;
    private long _farewellPeriod;
    private long _lingerFrames;

    /// <summary>Whether the farewells were said, or nobody is there to hear them.</summary>
    internal bool HasParted => End != LinkEnd.None || (_resetReason == LinkEnd.Closed && _farewellsLeft == 0 && _resetDue == long.MaxValue);

    /// <summary>Gives the session up: the other side is told once or twice, and what was not sent never will be.</summary>
    internal void Abort(LinkEnd end = LinkEnd.Disposed)
    {
        if (End != LinkEnd.None)
            return;
        End = end;
        _resetsDue = IsOpen && _resetReason == LinkEnd.None ? 2 : 0;
        if (_resetReason == LinkEnd.None)
            _resetReason = LinkEnd.Aborted;
    }

    /// <summary>The line has failed.</summary>
    internal void FailLine()
    {
        if (End == LinkEnd.None)
            End = LinkEnd.LineFailed;
    }

    /// <summary>All was said, and heard: begins to say farewell.</summary>
    internal void Part(long now)
    {
        _resetReason = LinkEnd.Closed;
        _farewellsLeft = Farewells;
        _farewellPeriod = Math.Max(LeastAckDelay, 2 * _roundTrip.Smoothed);
        _resetDue = now;
        _lingerFrames = _framesReceived;
    }

    private void LookAtClosing(long now)
    {
        if (_resetReason != LinkEnd.Closed)
            return;
        if (now >= _resetDue)
        {
            _resetDue = _farewellsLeft == 0 ? long.MaxValue : now + _farewellPeriod;
            _resetsDue += _farewellsLeft > 0 ? 1 : 0;
            _farewellsLeft = Math.Max(0, _farewellsLeft - 1);
        }
        else if (_framesReceived != _lingerFrames)
        {
            // It speaks still: then it has not heard.
            _resetsDue = 1;
        }

        _lingerFrames = _framesReceived;
    }
}
