using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A barrier, at which any of the actors may come.</summary>
/// <remarks>Operations: come, abort, reset.</remarks>
internal sealed class BarrierModel(int participants) : Model
{
    private readonly AsyncBarrier _product = new(participants);
    private readonly Line _line = new();
    private long _phases;
    private bool _isBroken;

    protected override async Task ActAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "come":
                Ticket? own = null;
                int place = -1;
                Outcome outcome = await WaitAsync(
                    actor, step, ticket => Ask(own = ticket), async token => place = await _product.SignalAndWaitAsync(token));
                if (outcome == Outcome.Done)
                    Same("the place", own!.Cargo, place);
                break;
            case "abort":
                _isBroken = true;
                _line.FailAll(Outcome.Broken);
                _product.Abort();
                break;
            case "reset":
                _isBroken = false;
                _line.FailAll(Outcome.Broken);
                _product.Reset();
                break;
        }
    }

    protected override void Compare()
    {
        Same("the number of those still to come", participants - _line.Count, _product.ParticipantsRemaining);
        Same("the number of phases", _phases, _product.CurrentPhaseNumber);
        Same("whether it is broken", _isBroken, _product.IsBroken);
    }

    protected override void CompareEnd() => Same("the number of waiters at the end", 0, _product.Statistics.Waiters);

    private Outcome? Ask(Ticket ticket)
    {
        if (_isBroken)
            return Outcome.Broken;
        if (_line.Count + 1 < participants)
        {
            _line.Add(ticket);
            return null;
        }

        for (int place = 0; _line.First is { } first; place++)
        {
            first.Cargo = place;
            first.Grant();
        }

        ticket.Cargo = participants - 1;
        _phases++;
        return Outcome.Done;
    }
}
