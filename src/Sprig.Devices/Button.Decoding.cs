using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <content>From edges and times to what was done with the button.</content>
public sealed partial class Button
{
    private static readonly MonotonicTime s_never = new(long.MaxValue);

    private MonotonicTime _pressedAt;
    private MonotonicTime _holdDue;
    private MonotonicTime _repeatDue = s_never;
    private MonotonicTime _clickDue = s_never;
    private ButtonEvent _click;
    private bool _wasHeld;
    private bool _isSecond;
    private Deadline? _wait;

    private async Task DecodeAsync()
    {
        while (true)
        {
            GpioEdge? next = await TakeEdgeAsync(NextDue());
            // Before the look: what it finds nothing of may come before this coroutine has its turn again.
            MonotonicTime now = MonotonicTime.Now;
            next ??= await InputLine.TakePresentAsync(token => _input.WaitForEdgeAsync(cancellationToken: token));
            if (next is { } edge)
            {
                TellUntil(edge.Timestamp);
                OnEdge(edge);
            }
            else
            {
                TellUntil(now);
            }
        }
    }

    /// <summary>The next edge, or null at that time.</summary>
    private async ValueTask<GpioEdge?> TakeEdgeAsync(MonotonicTime due)
    {
        using Deadline wait = Deadline.After(due == s_never ? Timeout.InfiniteTimeSpan : LengthUntil(due));
        _wait = wait;
        try
        {
            return await _input.WaitForEdgeAsync();
        }
        catch (DeadlineExceededException e) when (wait.Caused(e))
        {
            return null;
        }
        finally
        {
            _wait = null;
        }
    }

    /// <summary>Never too short: a part of 100 ns counts as all of it.</summary>
    private static TimeSpan LengthUntil(MonotonicTime due)
    {
        MonotonicTime now = MonotonicTime.Now;
        if (due <= now)
            return TimeSpan.Zero;
        TimeSpan length = due - now;
        return now + length < due ? length + TimeSpan.FromTicks(1) : length;
    }

    private MonotonicTime NextDue()
    {
        // Repeats that nobody hears wake nobody.
        MonotonicTime repeat = HeldRepeat.ListenerCount > 0 ? _repeatDue : s_never;
        MonotonicTime first = _holdDue < _clickDue ? _holdDue : _clickDue;
        return first < repeat ? first : repeat;
    }

    /// <summary>There is one more to hear the repeats: the wait may have to be shorter.</summary>
    private void LookAgain()
    {
        if (_repeatDue < MonotonicTime.Now)
            SkipRepeats();
        _wait?.Expire();
    }

    /// <summary>Those that nobody was there to hear.</summary>
    private void SkipRepeats()
    {
        long missed = (MonotonicTime.Now - _repeatDue).Ticks / _options.RepeatTime.Ticks;
        _repeatDue += _options.RepeatTime * (missed + 1);
    }

    /// <summary>Tells what was due until a moment, in the order in which it was.</summary>
    private void TellUntil(MonotonicTime moment)
    {
        for (MonotonicTime due = NextDue(); due <= moment && !_decoder.IsDisposed; due = NextDue())
        {
            if (due == _holdDue)
            {
                (_holdDue, _wasHeld) = (s_never, true);
                _repeatDue = due + _options.RepeatTime;
                TellFirst();
                Held.Publish(Event(due));
            }
            else if (due == _clickDue)
            {
                _clickDue = s_never;
                Clicked.Publish(_click);
            }
            else
            {
                _repeatDue = due + _options.RepeatTime;
                HeldRepeat.Publish(Event(due));
            }
        }
    }

    private void OnEdge(GpioEdge edge)
    {
        // One to the level that it has: the edges between were lost, and are counted by the input.
        if (_decoder.IsDisposed || edge.IsRising == IsPressed)
            return;
        IsPressed = edge.IsRising;
        if (IsPressed)
            OnPressed(edge.Timestamp);
        else
            OnReleased(edge.Timestamp);
        if (!_decoder.IsDisposed)
            _changes.Publish(edge.IsRising);
    }

    private void OnPressed(MonotonicTime moment)
    {
        _isSecond = _clickDue != s_never;
        (_pressedAt, _clickDue, _wasHeld) = (moment, s_never, false);
        _holdDue = moment + _options.HoldTime;
        Pressed.Publish(Event(moment));
    }

    private void OnReleased(MonotonicTime moment)
    {
        ButtonEvent release = Event(moment);
        bool isClick = !_wasHeld;
        (_holdDue, _repeatDue) = (s_never, s_never);
        Released.Publish(release);
        if (_decoder.IsDisposed)
            return;
        if (isClick && _isSecond)
            DoubleClicked.Publish(release);
        else if (isClick && _options.DoubleClickTime > TimeSpan.Zero)
            (_click, _clickDue) = (release, moment + _options.DoubleClickTime);
        else if (isClick)
            Clicked.Publish(release);
    }

    /// <summary>The one before this press was a click of its own after all: this one is held.</summary>
    private void TellFirst()
    {
        if (!_isSecond)
            return;
        _isSecond = false;
        Clicked.Publish(_click);
    }

    private ButtonEvent Event(MonotonicTime moment) => new(moment, moment - _pressedAt);
}
