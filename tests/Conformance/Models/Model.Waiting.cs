using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Conformance.Models;

/// <content>Waits, and what ends them early.</content>
internal abstract partial class Model
{
    private readonly List<Limit> _limits = [];

    /// <summary>Waits that were decided before the loop looked at its timers for the last time.</summary>
    private readonly List<Ticket> _decided = [];
    private long _limitOrder;

    /// <summary>An operation that may wait, in the picture and in the primitive; they must end alike. A kill is passed on.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="step">In which way.</param>
    /// <param name="ask">Asks the picture: how it ends at once, or null where the ticket has taken its place in a line.</param>
    /// <param name="wait">Asks the primitive.</param>
    /// <param name="timed">Asks it by the timeout overload.</param>
    protected async Task<Outcome> WaitAsync(
        Actor actor,
        Step step,
        Func<Ticket, Outcome?> ask,
        Func<CancellationToken, ValueTask> wait,
        Func<TimeSpan, ValueTask<bool>>? timed = null)
    {
        TimeSpan limit = TimeSpan.FromMilliseconds(step.Limit);
        Ticket ticket = new(actor, step.Way == Way.Timeout && timed is null ? Way.Deadline : step.Way);
        using CancellationTokenSource? source = ticket.Way == Way.Token ? new CancellationTokenSource() : null;
        using Deadline? deadline = ticket.Way == Way.Deadline ? Deadline.After(limit) : null;
        if (deadline is not null)
            Arm(ticket, limit, isDeadline: true);
        (actor.Ticket, actor.Source) = (ticket, source);
        if ((actor.IsKillDue ? Outcome.Killed : ask(ticket)) is { } atOnce)
            ticket.Close(atOnce);
        else if (ticket.Way == Way.Timeout)
            Arm(ticket, limit, isDeadline: false);
        ExceptionDispatchInfo? error = null;
        Outcome outcome;
        try
        {
            bool done = true;
            if (ticket.Way == Way.Timeout)
                done = await timed!(limit);
            else
                await wait(source?.Token ?? default);
            outcome = done ? Outcome.Done : Outcome.NotInTime;
        }
#pragma warning disable CA1031 // Whatever it is, it is compared with what the picture says.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = ExceptionDispatchInfo.Capture(e);
            outcome = Outcomes.Of(e);
        }

        ticket.IsOver = true;
        (actor.Ticket, actor.Source) = (null, null);
        OnOver(ticket, step, outcome);
        if (outcome == Outcome.Killed)
            error!.Throw();
        return outcome;
    }

    /// <summary>A wait has ended so.</summary>
    protected virtual void OnOver(Ticket ticket, Step step, Outcome outcome)
        => Same($"the outcome of {ticket.Actor.Name}'s {step}", ticket.Outcome, outcome);

    /// <summary>A kill or a token, in the picture and in the primitive; false when it comes too late for this wait.</summary>
    protected virtual bool Interrupt(Ticket ticket, Outcome outcome, Action product)
    {
        bool comesInTime = ticket.Interrupt(outcome);
        product();
        return comesInTime;
    }

    /// <summary>Called by another actor, by itself, or by the director.</summary>
    private void Kill(Actor actor)
    {
        if (actor.IsOver || actor.IsKilled)
        {
            actor.Coroutine.Kill();
            return;
        }

        actor.IsKilled = true;
        actor.IsOver = !actor.HasBegun;
        // Where it does not wait for the primitive, it hears of it at its pause, or at its next wait.
        if (actor.Ticket is { } ticket)
            actor.IsKillDelivered = Interrupt(ticket, Outcome.Killed, () => actor.Coroutine.Kill());
        else
            actor.Coroutine.Kill();
    }

    private void Cancel(Actor actor)
    {
        if (actor.Source is { IsCancellationRequested: false } source)
            Interrupt(actor.Ticket!, Outcome.Cancelled, source.Cancel);
    }

    private void Arm(Ticket ticket, TimeSpan limit, bool isDeadline)
        => _limits.Add(new Limit(Clock.Now + (long)limit.TotalNanoseconds, _limitOrder++, ticket, isDeadline));

    private void FireDue(long now)
    {
        _decided.Clear();
        _decided.AddRange(_actors.Select(actor => actor.Ticket).OfType<Ticket>().Where(ticket => ticket.State != TicketState.Waiting));
        _limits.RemoveAll(limit => limit.Ticket.IsOver);
        Limit[] due = [.. _limits.Where(limit => limit.Due <= now).OrderBy(limit => limit.Due).ThenBy(limit => limit.Order)];
        foreach (Limit limit in due)
        {
            _limits.Remove(limit);
            if (limit.IsDeadline)
                PassDeadline(limit.Ticket, now);
            else
                limit.Ticket.RunOutOfTime();
        }
    }

    /// <summary>The deadline around it has passed.</summary>
    protected virtual void PassDeadline(Ticket ticket, long now) => ticket.Interrupt(Outcome.OutOfTime);

    private readonly record struct Limit(long Due, long Order, Ticket Ticket, bool IsDeadline);
}
