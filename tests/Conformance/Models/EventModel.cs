using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>An event of either kind.</summary>
/// <remarks>Operations: wait, set, reset, try.</remarks>
internal sealed class EventModel(bool isManual, bool isSet) : Model
{
    private readonly AsyncManualResetEvent _manual = new(isSet);
    private readonly AsyncAutoResetEvent _auto = new(isSet);
    private readonly Line _line = new();
    private bool _isSet = isSet;

    protected override async Task ActAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "wait":
                await WaitAsync(
                    actor,
                    step,
                    Ask,
                    token => isManual ? _manual.WaitAsync(token) : _auto.WaitAsync(token),
                    limit => isManual ? _manual.WaitAsync(limit) : _auto.WaitAsync(limit));
                break;
            case "set":
                Set();
                ((Action)(isManual ? _manual.Set : _auto.Set))();
                break;
            case "reset":
                _isSet = false;
                ((Action)(isManual ? _manual.Reset : _auto.Reset))();
                break;
            case "try" when !isManual:
                Same("trying", _isSet, _auto.TryWait());
                _isSet = false;
                break;
        }
    }

    protected override void Compare()
    {
        Same("whether it is set", _isSet, isManual ? _manual.IsSet : _auto.IsSet);
        Same("the number of waiters", _line.Count, isManual ? _manual.Statistics.Waiters : _auto.Statistics.Waiters);
    }

    private Outcome? Ask(Ticket ticket)
    {
        if (_isSet)
        {
            _isSet = isManual;
            return Outcome.Done;
        }

        _line.Add(ticket);
        if (!isManual)
            ticket.OnTakenBack = Set;
        return null;
    }

    private void Set()
    {
        if (isManual)
            _line.GrantAll();
        if (!isManual && _line.First is { } next)
            next.Grant();
        else
            _isSet = true;
    }
}
