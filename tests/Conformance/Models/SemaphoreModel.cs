using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A semaphore, to which strangers give permits too.</summary>
/// <remarks>Operations: acquire, try, release (what one holds), give (what one does not hold).</remarks>
internal sealed class SemaphoreModel : Model
{
    private readonly AsyncSemaphore _product;
    private readonly Line _line = new();
    private readonly int[] _held = new int[8];
    private readonly int? _max;
    private int _free;

    /// <summary>What there is in all: at first, and what came from outside, less what was lost because it came back to a full
    /// semaphore.</summary>
    private int _total;

    internal SemaphoreModel(int initial, int? max)
    {
        _product = new AsyncSemaphore(initial, max);
        _max = max;
        _free = _total = initial;
    }

    protected override async Task ActAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "acquire":
                Outcome outcome = await WaitAsync(
                    actor, step, Ask, async token => await _product.AcquireAsync(token), limit => _product.TryAcquireAsync(limit));
                _held[actor.Index] += outcome == Outcome.Done ? 1 : 0;
                break;
            case "try":
                Same("trying", _free > 0 ? Outcome.Done : Outcome.NotInTime, Outcomes.Of(_product.TryAcquire));
                (_free, _held[actor.Index]) = _free > 0 ? (_free - 1, _held[actor.Index] + 1) : (_free, _held[actor.Index]);
                break;
            case "release" when _held[actor.Index] > 0:
                int count = Math.Min(_held[actor.Index], 1 + step.Pick % 2);
                if (Give(count) == Outcome.Done)
                    _held[actor.Index] -= count;
                break;
            case "give":
                if (Give(1 + step.Pick % 2) == Outcome.Done)
                    _total += 1 + step.Pick % 2;
                break;
        }
    }

    protected override void LetGo(Actor actor)
    {
        // Where strangers gave, there may be no room for what is given back.
        if (_held[actor.Index] > 0 && Give(_held[actor.Index]) == Outcome.Overfull)
            _total -= _held[actor.Index];
        _held[actor.Index] = 0;
    }

    protected override void Compare()
    {
        Same("the number of free permits", _free, _product.CurrentCount);
        Same("the number of waiters", _line.Count, _product.Statistics.Waiters);
        Same("that permits are free where somebody waits", false, _free > 0 && _line.Count > 0);
    }

    protected override void CompareEnd() => Same("the number of permits at the end", _total, _product.CurrentCount);

    private Outcome? Ask(Ticket ticket)
    {
        if (_free > 0)
        {
            _free--;
            return Outcome.Done;
        }

        _line.Add(ticket);
        ticket.OnTakenBack = TakeBack;
        return null;
    }

    private void TakeBack()
    {
        if (_line.First is { } next)
            next.Grant();
        else if (_free < (_max ?? int.MaxValue))
            _free++;
        else
            _total--;
    }

    private Outcome Give(int count)
    {
        int left = Math.Max(0, count - _line.Count);
        Outcome outcome = _free + left > (_max ?? int.MaxValue) ? Outcome.Overfull : Outcome.Done;
        if (outcome == Outcome.Done)
        {
            for (int i = left; i < count; i++)
                _line.First!.Grant();
            _free += left;
        }

        Same("giving back", outcome, Outcomes.Of(() => _product.Release(count)));
        return outcome;
    }
}
