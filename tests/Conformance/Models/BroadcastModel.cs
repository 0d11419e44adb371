using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>A broadcast with subscribers of all kinds, which the actors share.</summary>
/// <remarks>Operations: subscribe, publish, trypublish, get, tryget, dispose, and, where it may end, shutdown.</remarks>
internal sealed class BroadcastModel(bool mayEnd) : Model
{
    private readonly Broadcast<int> _product = new();
    private readonly List<SubscriptionPicture> _all = [];
    private readonly List<SubscriptionPicture> _subscribed = [];
    private readonly Line _publishers = new();
    private bool _isShutdown;
    private int _nextItem;

    protected override async Task ActAsync(Actor actor, Step step)
    {
        switch (step.What)
        {
            case "subscribe":
                Subscribe(1 + step.Limit % 3, (SlowSubscriber)(step.Pick % 4));
                break;
            case "publish":
                int item = _nextItem++;
                await WaitAsync(actor, step, ticket => AskToPublish(ticket, item), token => _product.PublishAsync(item, token));
                break;
            case "trypublish":
                int other = _nextItem++;
                Outcome outcome = _isShutdown ? Outcome.ShutDown : TryPublish(other) ? Outcome.Done : Outcome.NotInTime;
                Same("trying to publish", outcome, Outcomes.Of(() => _product.TryPublish(other)));
                break;
            case "shutdown" when mayEnd:
                _isShutdown = true;
                _publishers.FailAll(Outcome.ShutDown);
                _subscribed.ForEach(subscription => subscription.End());
                _product.Shutdown();
                break;
            case "get" or "tryget" or "dispose" when _all.Count > 0:
                await ActAsync(actor, step, _all[step.Pick % _all.Count]);
                break;
        }
    }

    protected override void Compare()
    {
        Same("the number of subscribers", _subscribed.Count, _product.SubscriberCount);
        Same("the number of waiting publishers", _publishers.Count, _product.Statistics.Waiters);
        foreach (SubscriptionPicture it in _all)
        {
            Same("the number of its items", it.Count, it.Product.Count);
            Same("the number of those it dropped", it.Dropped, it.Product.Dropped);
            Same("whether it is cut off", it.IsDisconnected, it.Product.IsDisconnected);
        }

        Same("that somebody waits though there is room", false, _publishers.Count > 0 && HasRoom);
    }

    protected override void CompareEnd() => Same("the number of waiting publishers at the end", 0, _product.Statistics.Waiters);

    private bool HasRoom => !_subscribed.Any(subscription => subscription.MustBeWaitedFor);

    private void Subscribe(int capacity, SlowSubscriber whenFull)
    {
        Same("subscribing", _isShutdown ? Outcome.ShutDown : Outcome.Done, Outcomes.Of(() =>
        {
            SubscriptionPicture it = new(_product.Subscribe(capacity, whenFull), capacity, whenFull);
            _all.Add(it);
            _subscribed.Add(it);
        }));
    }

    private async Task ActAsync(Actor actor, Step step, SubscriptionPicture it)
    {
        switch (step.What)
        {
            case "get":
                Ticket? own = null;
                int got = -1;
                Outcome outcome = await WaitAsync(
                    actor, step, ticket => AskToGet(own = ticket, it), async token => got = await it.Product.GetAsync(token));
                if (outcome == Outcome.Done)
                    Same($"what {actor.Name} got", (((int Item, int))own!.Cargo!).Item, got);
                break;
            case "tryget":
                int? expected = it.Count > 0 ? Take(it) : null;
                Same("what was got without waiting", expected, it.Product.TryGet(out int item) ? item : null);
                break;
            case "dispose":
                if (_subscribed.Remove(it))
                    OnRoom();
                it.Dispose();
                it.Product.Dispose();
                break;
        }
    }

    private Outcome? AskToPublish(Ticket ticket, int item)
    {
        if (_isShutdown)
            return Outcome.ShutDown;
        if (TryPublish(item))
            return Outcome.Done;
        ticket.Cargo = item;
        _publishers.Add(ticket);
        return null;
    }

    private Outcome? AskToGet(Ticket ticket, SubscriptionPicture it)
    {
        if (it.Count > 0)
        {
            ticket.Cargo = (Take(it), 0);
            return Outcome.Done;
        }

        if (it.HasEnded)
            return it.IsDisconnected ? Outcome.TooSlow : Outcome.ShutDown;
        it.WaitToGet(ticket);
        return null;
    }

    private bool TryPublish(int item)
    {
        if (_publishers.First is not null || !HasRoom)
            return false;
        Deliver(item);
        return true;
    }

    private void Deliver(int item) => _subscribed.RemoveAll(subscription => !subscription.Accept(item));

    private int Take(SubscriptionPicture it)
    {
        int item = it.Take();
        OnRoom();
        return item;
    }

    private void OnRoom()
    {
        while (_publishers.First is { } publisher && HasRoom)
        {
            publisher.Settle();
            Deliver((int)publisher.Cargo!);
        }
    }
}
