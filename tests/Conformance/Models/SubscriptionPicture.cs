using Sprig.Synchronization;

namespace Conformance.Models;

/// <summary>What a subscription is: a list of items and a line.</summary>
internal sealed class SubscriptionPicture(BroadcastSubscription<int> product, int capacity, SlowSubscriber whenFull)
{
    private readonly List<(int Item, int Order)> _items = [];
    private int _order;

    internal BroadcastSubscription<int> Product => product;

    internal Line Getters { get; } = new();

    internal int Count => _items.Count;

    internal int Dropped { get; private set; }

    internal bool IsDisconnected { get; private set; }

    internal bool IsDisposed { get; private set; }

    internal bool HasEnded { get; private set; }

    internal bool MustBeWaitedFor => whenFull == SlowSubscriber.Wait && Count >= capacity;

    /// <summary>False when it is cut off.</summary>
    internal bool Accept(int item)
    {
        while (Count >= capacity)
        {
            Dropped++;
            if (whenFull == SlowSubscriber.DropNewest)
                return true;
            if (whenFull == SlowSubscriber.Disconnect)
            {
                (IsDisconnected, HasEnded) = (true, true);
                return false;
            }

            Take();
        }

        Give((item, _order++));
        return true;
    }

    internal int Take()
    {
        (int Item, int Order) first = _items.MinBy(item => item.Order);
        _items.Remove(first);
        return first.Item;
    }

    internal void WaitToGet(Ticket ticket)
    {
        Getters.Add(ticket);
        ticket.OnTakenBack = () =>
        {
            if (!IsDisposed)
                Give(((int, int))ticket.Cargo!);
        };
    }

    internal void End()
    {
        HasEnded = true;
        Getters.FailAll(Outcome.ShutDown);
    }

    internal void Dispose()
    {
        IsDisposed = true;
        _items.Clear();
        End();
    }

    private void Give((int Item, int Order) item)
    {
        if (Getters.First is { } getter)
        {
            getter.Cargo = item;
            getter.Grant();
        }
        else
        {
            _items.Add(item);
        }
    }
}
