namespace Conformance.Models;

/// <summary>What a queue is: a list of items and three lines.</summary>
/// <param name="order">Which item is next.</param>
/// <param name="room">How many it holds; 0 where they go from hand to hand.</param>
internal sealed class QueuePicture(QueueOrder order, int room)
{
    private readonly List<PictureItem> _items = [];
    private long _nextOrder;
    private bool _dropsAll;

    internal Line Getters { get; } = new();

    internal Line Putters { get; } = new();

    internal Line Joiners { get; } = new();

    internal int Count => _items.Count;

    internal long Unfinished { get; private set; }

    internal bool IsShutdown { get; private set; }

    /// <summary>How many were handed to a getter that left: so many may be in it beyond its room.</summary>
    internal int CameBack { get; private set; }

    /// <summary>What an immediate shutdown dropped, or what came back after it.</summary>
    internal List<PictureItem> Dropped { get; } = [];

    internal bool HasItem => Count > 0 || (room == 0 && Putters.First is not null);

    internal PictureItem? Next => Count == 0 && HasItem ? (PictureItem)Putters.First!.Cargo! : order switch
    {
        QueueOrder.OldestFirst => _items.MinBy(item => item.Order),
        QueueOrder.NewestFirst => _items.MaxBy(item => item.Order),
        _ => _items.OrderBy(item => item.Priority).ThenBy(item => item.Order).FirstOrDefault(),
    };

    /// <summary>Put in, or handed on; false where there is no room.</summary>
    internal bool TryAccept(PictureItem item)
    {
        if (Getters.First is null && Count >= room)
            return false;
        Unfinished++;
        item.Order = _nextOrder++;
        if (Getters.First is { } getter)
            Hand(getter, item);
        else
            _items.Add(item);
        return true;
    }

    internal int Take()
    {
        if (Count == 0)
        {
            Ticket putter = Putters.First!;
            Unfinished++;
            putter.Settle();
            return ((PictureItem)putter.Cargo!).Item;
        }

        PictureItem next = Next!;
        _items.Remove(next);
        next.Putter?.Settle();
        Admit();
        return next.Item;
    }

    internal void WaitToGet(Ticket ticket)
    {
        Getters.Add(ticket);
        ticket.OnTakenBack = () => TakeBack((PictureItem)ticket.Cargo!);
    }

    internal void WaitToPut(Ticket ticket, PictureItem item)
    {
        Putters.Add(ticket);
        ticket.Cargo = item;
        ticket.OnTakenBack = () =>
        {
            if (_items.Remove(item))
            {
                CountDone();
                Admit();
            }
        };
    }

    internal void CountDone()
    {
        if (Unfinished > 0 && --Unfinished == 0)
            Joiners.GrantAll();
    }

    internal void Shutdown(bool immediate)
    {
        IsShutdown = true;
        if (immediate)
        {
            _dropsAll = true;
            Dropped.AddRange(_items);
            int dropped = Count;
            _items.Clear();
            while (dropped-- > 0)
                CountDone();
        }

        Putters.FailAll(Outcome.ShutDown);
        Getters.FailAll(Outcome.ShutDown);
    }

    private void Admit()
    {
        while (Count < room && Putters.First is { } putter)
        {
            PictureItem item = (PictureItem)putter.Cargo!;
            item.Order = _nextOrder++;
            _items.Add(item);
            Unfinished++;
            putter.Grant();
        }
    }

    private static void Hand(Ticket getter, PictureItem item)
    {
        getter.Cargo = item;
        getter.Grant();
    }

    private void TakeBack(PictureItem item)
    {
        if (_dropsAll)
        {
            Dropped.Add(item);
            CountDone();
        }
        else if (Getters.First is { } next)
        {
            Hand(next, item);
        }
        else
        {
            _items.Add(item);
            CameBack++;
        }
    }
}
