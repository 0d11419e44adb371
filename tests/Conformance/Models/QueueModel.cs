namespace Conformance.Models;

/// <summary>A queue of any order, and a ledger of what was put, got and dropped.</summary>
/// <remarks>Operations: put, get, tryput, tryget, done, join, and, where it may end, shutdown.</remarks>
internal sealed class QueueModel(IQueueFace product, QueueOrder order, int room, bool mayEnd) : Model
{
    private readonly QueuePicture _picture = new(order, room);
    private readonly List<int> _put = [];
    private readonly List<int> _got = [];
    private int _nextItem;

    protected override async Task ActAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "put":
                await PutAsync(actor, step);
                break;
            case "get":
                await GetAsync(actor, step);
                break;
            case "tryput":
                PictureItem item = new(_nextItem++, step.Pick % 3, null);
                Outcome putting = _picture.IsShutdown ? Outcome.ShutDown : _picture.TryAccept(item) ? Outcome.Done : Outcome.NotInTime;
                Same("trying to put", putting, Outcomes.Of(() => product.TryPut(item.Item, item.Priority)));
                if (putting == Outcome.Done)
                    _put.Add(item.Item);
                break;
            case "tryget":
                int? expected = _picture.HasItem ? _picture.Take() : null;
                int? taken = product.TryGet(out int got) ? got : null;
                Same("what was got without waiting", expected, taken);
                if (taken is { } one)
                    _got.Add(one);
                break;
            case "join":
                await WaitAsync(actor, step, AskToJoin, product.JoinAsync, product.JoinAsync);
                break;
            case "done":
                Outcome done = _picture.Unfinished > 0 ? Outcome.Done : Outcome.Misused;
                if (done == Outcome.Done)
                    _picture.CountDone();
                Same("counting done", done, Outcomes.Of(product.TaskDone));
                break;
            case "shutdown" when mayEnd:
                _picture.Shutdown(step.Pick % 2 == 0);
                product.Shutdown(step.Pick % 2 == 0);
                break;
        }
    }

    protected override void Compare()
    {
        Same("the number of items", _picture.Count, product.Count);
        Same("the number of unfinished ones", _picture.Unfinished, product.UnfinishedCount);
        Same("the number of getters", _picture.Getters.Count, product.Getters);
        Same("the number of putters", _picture.Putters.Count, product.Putters);
        Same("the next", _picture.Next?.Item, product.TryPeek(out int next) ? next : null);
        Same("that there are more than there is room for", false, product.Count > (long)room + _picture.CameBack);
    }

    protected override void CompareEnd()
    {
        List<int> left = [];
        while (product.TryGet(out int item))
            left.Add(item);
        // Nothing twice, nothing lost, and what a throwing put had is nowhere: not even among what was dropped.
        IEnumerable<int> dropped = _picture.Dropped
            .Where(item => item.Putter is null or { Outcome: Outcome.Done })
            .Select(item => item.Item);
        Same(
            "what was got, was dropped or is left",
            string.Join(' ', _put.Order()),
            string.Join(' ', _got.Concat(left).Concat(dropped).Order()));
        Same("the number of waiters at the end", 0, product.Getters + product.Putters);
    }

    private async Task PutAsync(Actor actor, Step step)
    {
        int item = _nextItem++;
        int priority = step.Pick % 3;
        Outcome outcome = await WaitAsync(
            actor,
            step,
            ticket => AskToPut(ticket, new PictureItem(item, priority, ticket)),
            token => product.PutAsync(item, priority, token),
            async limit =>
            {
                await product.PutAsync(item, priority, limit);
                return true;
            });
        if (outcome == Outcome.Done)
            _put.Add(item);
    }

    private async Task GetAsync(Actor actor, Step step)
    {
        Ticket? own = null;
        int got = -1;
        Outcome outcome = await WaitAsync(
            actor,
            step,
            ticket => AskToGet(own = ticket),
            async token => got = await product.GetAsync(token),
            async limit =>
            {
                got = await product.GetAsync(limit);
                return true;
            });
        if (outcome != Outcome.Done)
            return;
        _got.Add(got);
        Same($"what {actor.Name} got", ((PictureItem)own!.Cargo!).Item, got);
    }

    private Outcome? AskToPut(Ticket ticket, PictureItem item)
    {
        if (_picture.IsShutdown)
            return Outcome.ShutDown;
        if (_picture.TryAccept(item with { Putter = null }))
            return Outcome.Done;
        _picture.WaitToPut(ticket, item);
        return null;
    }

    private Outcome? AskToGet(Ticket ticket)
    {
        if (_picture.HasItem)
        {
            ticket.Cargo = new PictureItem(_picture.Take(), 0, null);
            return Outcome.Done;
        }

        if (_picture.IsShutdown)
            return Outcome.ShutDown;
        _picture.WaitToGet(ticket);
        return null;
    }

    private Outcome? AskToJoin(Ticket ticket)
    {
        if (_picture.Unfinished == 0)
            return Outcome.Done;
        _picture.Joiners.Add(ticket);
        return null;
    }
}
