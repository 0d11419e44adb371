namespace Sprig.IO.Links;

/// <content>What time brings.</content>
internal sealed partial class LinkMachine
{
    private const long Millisecond = 1_000_000;
    private const long LeastAckDelay = 5 * Millisecond;
    private const long MostAckDelay = 50 * Millisecond;
    private const long FirstHello = 100 * Millisecond;
    private const long LastHello = 1000 * Millisecond;
    private const int AsksBeforeLost = 8;

    private long _helloDue;
    private long _helloPeriod = FirstHello;
    private long _ackDue = long.MaxValue;
    private long _timerBase;
    private long _waitingSince = long.MaxValue;
    private long _timedOutAt;
    private long _heardAt;
    private long _arrivalGap;
    private long _askedAt;
    private long _askingSince = long.MaxValue;
    private long _timeouts;

    /// <summary>When <see cref="Produce"/> is to be called next though nothing has come: the end of time when all is quiet.</summary>
    internal long NextDue
    {
        get
        {
            if (End != LinkEnd.None)
                return long.MaxValue;
            if (!IsOpen)
                return _helloDue;
            long due = Math.Min(Math.Min(_ackDue, TimerDue), Math.Min(LostDue, KeepAliveDue));
            return Math.Min(due, _resetDue);
        }
    }

    /// <summary>When what is on its way, or an answer about room, has taken too long.</summary>
    private long TimerDue => _outgoing.Flight > 0 || (_outgoing.HasNew && !_outgoing.MaySendNew) ? _timerBase + _roundTrip.Timeout : long.MaxValue;

    /// <summary>An ack of one frame waits for the next one a little longer than that takes.</summary>
    private long AckDelay => Math.Clamp(_arrivalGap * 3 / 2, LeastAckDelay, MostAckDelay);

    private long LostDue => Later(Math.Min(_waitingSince, _askingSince), _terms.PeerTimeout);

    private long KeepAliveDue => _terms.KeepAlive == long.MaxValue ? long.MaxValue
        : _askingSince == long.MaxValue ? Later(_heardAt, _terms.KeepAlive) : Later(_askedAt, AskPeriod);

    /// <summary>The question or its answer may have been lost: it is asked several times before the other side is taken for lost.</summary>
    private long AskPeriod => Math.Min(_terms.KeepAlive, Math.Max(_roundTrip.Timeout, _terms.PeerTimeout / AsksBeforeLost));

    private void LookAtTime(long now)
    {
        if (End != LinkEnd.None)
            return;
        if (!IsOpen)
        {
            if (now < _helloDue)
                return;
            _mustGreet = true;
            _helloDue = now + _helloPeriod;
            _helloPeriod = Math.Min(LastHello, 2 * _helloPeriod);
            return;
        }

        if (now >= LostDue)
        {
            End = LinkEnd.Lost;
            return;
        }

        _acksDue |= now >= _ackDue ? 1 : 0;
        if (now >= TimerDue)
            OnTimer(now);
        if (now >= KeepAliveDue)
            (_mustAsk, _askedAt, _askingSince) = (true, now, Math.Min(_askingSince, now));
        LookAtClosing(now);
    }

    private void OnTimer(long now)
    {
        _timeouts++;
        _timerBase = _timedOutAt = now;
        _roundTrip.BackOff();
        _mustResend = _outgoing.SuspectFirst(_loss);
        // What came may be known there already, and the news lost on the way back.
        _mustAsk = true;
    }

    /// <summary>Begins to wait for the other side, where there is something to wait for.</summary>
    private void NoteWaiting(long now)
    {
        if (_waitingSince != long.MaxValue || _outgoing.IsAllAcknowledged)
            return;
        _waitingSince = now;
        if (_outgoing.Flight == 0)
            _timerBase = now;
    }

    private static long Later(long time, long span) => time > long.MaxValue - span ? long.MaxValue : time + span;
}
