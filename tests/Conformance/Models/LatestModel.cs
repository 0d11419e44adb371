using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A newest value: who waits for a newer one goes on with what is newest when it runs.</summary>
/// <remarks>Operations: get, newer, each (two of an await foreach), set, and, where it may end, shutdown. One that waits for a
/// version further on waits again each time, so it is settled only by the one that it waits for.</remarks>
internal sealed class LatestModel(bool mayEnd) : Model
{
    private readonly Latest<int> _product = new();
    private readonly Line _line = new();
    private long _version;
    private int? _value;
    private bool _isShutdown;

    protected override async Task ActAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "get":
                await GetAsync(actor, step, 0, token => _product.GetAsync(token));
                break;
            case "newer":
                long seen = Math.Max(0, _version + step.Pick - 2);
                await GetAsync(actor, step, seen, token => _product.GetNewerAsync(seen, token));
                break;
            case "each":
                await EachAsync(actor, step);
                break;
            case "set":
                Outcome outcome = _isShutdown ? Outcome.ShutDown : Outcome.Done;
                if (outcome == Outcome.Done)
                    Set(step.Pick);
                Same("setting", outcome, Outcomes.Of(() => _product.Set(step.Pick)));
                break;
            case "shutdown" when mayEnd:
                _isShutdown = true;
                // They are woken like by a value, and look then.
                foreach (Ticket ticket in _line.All.ToArray())
                    ticket.Grant(Outcome.ShutDown);
                _product.Shutdown();
                break;
        }
    }

    protected override void Compare()
    {
        Same("the version", _version, _product.Version);
        Same("the value", _value, _product.TryGet(out int value) ? value : null);
    }

    protected override void CompareEnd() => Same("the number of waiters at the end", 0, _product.Statistics.Waiters);

    private async Task GetAsync(Actor actor, Step step, long beyond, Func<CancellationToken, ValueTask<int>> get)
    {
        int got = -1;
        if (await WaitAsync(actor, step, ticket => Ask(ticket, beyond), async token => got = await get(token)) == Outcome.Done)
            Same($"what {actor.Name} got", _value, got);
    }

    private async Task EachAsync(Actor actor, Step step)
    {
        await using IAsyncEnumerator<int> each = _product.GetAsyncEnumerator();
        long seen = 0;
        // By a token it could be limited only as a whole.
        Step one = step with { Way = step.Way == Way.Plain ? Way.Plain : Way.Deadline };
        for (int i = 0; i < 2; i++)
        {
            bool more = false;
            Outcome outcome = await WaitAsync(actor, one, ticket => Ask(ticket, seen), async _ =>
            {
                more = await each.MoveNextAsync();
                if (!more)
                    throw new EndedException();
            });
            if (outcome != Outcome.Done)
                return;
            Same($"what {actor.Name} sees", _value, each.Current);
            seen = _version;
        }
    }

    private Outcome? Ask(Ticket ticket, long beyond)
    {
        if (_version > beyond)
            return Outcome.Done;
        if (_isShutdown)
            return Outcome.ShutDown;
        ticket.Cargo = beyond;
        _line.Add(ticket);
        return null;
    }

    private void Set(int value)
    {
        _value = value;
        _version++;
        foreach (Ticket ticket in _line.All.Where(ticket => (long)ticket.Cargo! < _version).ToArray())
            ticket.Grant();
    }
}
