using Sprig.IO;

namespace Sprig.Testing;

/// <summary>A pin of a <see cref="SimulatedBoard"/>, from outside: what a meter, a wire and a finger see. Any thread.</summary>
public sealed partial class SimulatedPin
{
    private readonly SimulatedBoard _board;
    private readonly SimulatedLine _line;

    internal SimulatedPin(SimulatedBoard board, SimulatedLine line)
    {
        _board = board;
        _line = line;
    }

    /// <summary>Its line.</summary>
    public int Line => _line.Number;

    /// <summary>The level, as a meter would show it.</summary>
    public bool Level
    {
        get
        {
            lock (_board.Gate)
                return _line.Net.Level;
        }
    }

    /// <summary>The changes so far, oldest first.</summary>
    public IReadOnlyList<PinChange> Changes => [.. _board.ChangesOf(Line)];

    /// <summary>Drives it from outside, until <see cref="Float"/>. What the program drives keeps its level, and that is a conflict.</summary>
    public void Drive(bool level) => Act(() => _line.Outside = level);

    /// <summary>Drives it no longer.</summary>
#pragma warning disable CA1720 // The word for a pin that nothing drives, not for a number.
    public void Float() => Act(() => _line.Outside = null);
#pragma warning restore CA1720

    /// <summary>Solders a resistor to it: stronger than the chip's bias, weaker than what drives.</summary>
    public void Pull(GpioBias pull) => Act(() => _line.Pull = pull);

    /// <summary>Presses the button on it: its contact closes.</summary>
    /// <param name="to">What it connects the pin to: ground unless said.</param>
    /// <param name="bounce">How the contact bounces, in the time of the run; not at all unless given.</param>
    public void Press(bool to = false, Bounce? bounce = null) => Move(to, null, bounce);

    /// <summary>Releases the button: its contact opens.</summary>
    /// <param name="bounce">How the contact bounces, in the time of the run; not at all unless given.</param>
    public void Release(Bounce? bounce = null)
    {
        bool? closed;
        lock (_board.Gate)
            closed = _line.LastContact;
        Move(null, closed, bounce);
    }

    // A newer movement ends the bouncing of the one before it.
    private void Move(bool? end, bool? other, Bounce? bounce)
    {
        int movement = 0;
        Act(() =>
        {
            movement = ++_line.Movement;
            _line.LastContact = end ?? _line.LastContact;
            _line.Contact = end;
        });
        bool back = true;
        foreach (TimeSpan time in bounce?.Schedule() ?? [])
        {
            bool? contact = back ? other : end;
            back = !back;
            _board.After(time, () => Act(() =>
            {
                if (_line.Movement == movement)
                    _line.Contact = contact;
            }));
        }
    }

    private void Act(Action act) => _board.Do(() =>
    {
        act();
        _board.Settle(_line.Net);
    });
}
