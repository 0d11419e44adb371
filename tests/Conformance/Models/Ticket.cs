namespace Conformance.Models;

/// <summary>One wait, as the model sees it.</summary>
internal sealed class Ticket(Actor actor, Way way)
{
    internal Actor Actor => actor;

    internal Way Way => way;

    internal TicketState State { get; private set; }

    /// <summary>How it ends, as it stands.</summary>
    internal Outcome Outcome { get; private set; }

    /// <summary>The operation is over, its limits with it.</summary>
    internal bool IsOver { get; set; }

    internal Line? Line { get; set; }

    /// <summary>What it brought along, or was given.</summary>
    internal object? Cargo { get; set; }

    /// <summary>It stops waiting without having got anything: those behind it may have waited for that.</summary>
    internal Action? OnLeft { get; set; }

    /// <summary>What it was granted comes back.</summary>
    internal Action? OnTakenBack { get; set; }

    internal void Grant(Outcome outcome = Outcome.Done)
    {
        Line?.Remove(this);
        (State, Outcome) = (TicketState.Granted, outcome);
    }

    internal void Settle()
    {
        if (State == TicketState.Waiting)
            Grant();
        if (State == TicketState.Granted)
            State = TicketState.Settled;
    }

    /// <summary>Its operation ended at once.</summary>
    internal void Close(Outcome outcome)
        => (State, Outcome) = (outcome == Outcome.Done ? TicketState.Settled : TicketState.Failed, outcome);

    /// <summary>The primitive ends the wait.</summary>
    internal void Fail(Outcome outcome)
    {
        Line?.Remove(this);
        (State, Outcome) = (TicketState.Failed, outcome);
    }

    internal void RunOutOfTime()
    {
        if (State != TicketState.Waiting)
            return;
        Line?.Remove(this);
        (State, Outcome) = (TicketState.NotInTime, Outcome.NotInTime);
        OnLeft?.Invoke();
    }

    /// <summary>A kill, a deadline or a token; false when it comes too late for this wait.</summary>
    internal bool Interrupt(Outcome outcome)
    {
        TicketState before = State;
        if (before is TicketState.Settled or TicketState.Failed)
            return false;
        Fail(outcome);
        if (before == TicketState.Waiting)
            OnLeft?.Invoke();
        else if (before == TicketState.Granted)
            OnTakenBack?.Invoke();
        return true;
    }
}
