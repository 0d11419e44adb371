using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>What the queues have in common: waiting for items and for room, hand-off, joining, shutting down.</summary>
/// <remarks>Loop thread only; a bridge to System.Threading.Channels brings other threads in. Neither putting nor getting allocates in the
/// steady state. First come first served, on both sides: an item goes to the one that has waited longest for one, in the same
/// breath; room goes to the one that has waited longest to put. A wait that throws has taken, or put, nothing: an item that was
/// handed to a coroutine which is killed before it ran goes to the next, or back to where it stood, even if the queue is full
/// again; an item whose put is killed is taken out again, unless somebody has it already: then the put has happened.</remarks>
/// <typeparam name="T">The items' type.</typeparam>
/// <typeparam name="TEntry">How an item stands in the queue: alone, or with its priority.</typeparam>
public abstract partial class WaitableQueue<T, TEntry> : IAsyncEnumerable<T>
{
    private readonly Label _label;

    /// <summary>0: an item goes from hand to hand.</summary>
    private readonly int _room;
    private readonly WaitQueue _getters;
    private readonly WaitQueue _putters;
    private readonly WaitQueue _joiners;

    /// <summary>One for all three: putters and getters must not be on two threads.</summary>
    private Home _home;
    private Getter? _freeGetter;
    private Putter? _freePutter;
    private long _order;
    private bool _dropsAll;

    private protected WaitableQueue(Label label, int room)
    {
        _label = label;
        _room = room >= 0 ? room : throw Bound.Negative(room, label);
        _getters = new WaitQueue(new GetSide(this));
        _putters = new WaitQueue(new PutSide(this));
        _joiners = new WaitQueue(new JoinSide(this));
    }

    /// <summary>Its name; the place where it was made, unless it was given one.</summary>
    public string Name => _label.Name;

    /// <summary>How many items it holds at most; null where there is no bound.</summary>
    public int? Capacity => _room == int.MaxValue ? null : _room;

    /// <summary>How many items are in it. Not those of puts that wait for room, nor those handed to a coroutine that waited.</summary>
    public int Count => StoredCount;

    /// <summary>Whether <see cref="Shutdown"/> was called.</summary>
    public bool IsShutdown { get; private set; }

    /// <summary>How many items were put and not counted done by <see cref="TaskDone"/>.</summary>
    public long UnfinishedCount { get; private set; }

    /// <summary>How many wait to get, and how often somebody had to.</summary>
    public SynchronizationStatistics GetStatistics => new(null, _getters.Count, _getters.TotalWaits);

    /// <summary>How many wait to put, and how often somebody had to.</summary>
    public SynchronizationStatistics PutStatistics => new(null, _putters.Count, _putters.TotalWaits);

    /// <summary>How many wait, on either side, and how often somebody had to.</summary>
    public SynchronizationStatistics Statistics => new(null, _getters.Count + _putters.Count, _getters.TotalWaits + _putters.TotalWaits);

    private protected abstract int StoredCount { get; }

    /// <summary>Its kind and name, or where it was made.</summary>
    public override string ToString() => _label.ToString();

    private protected static int RoomOf(int? capacity) => capacity is null or 0 ? int.MaxValue : capacity.Value;

    private protected abstract void Store(in StoredItem<TEntry> stored);

    /// <summary>Takes out what is next.</summary>
    private protected abstract StoredItem<TEntry> Unstore();

    /// <summary>Puts one back to where it stood: it would be the next of its kind.</summary>
    private protected abstract void Restore(in StoredItem<TEntry> item);

    /// <summary>Takes out the item with this order; false when it is gone.</summary>
    private protected abstract bool Withdraw(long order);

    private protected abstract bool TryPeekStored(out StoredItem<TEntry> stored);

    private protected abstract void ClearStored();

    private protected abstract T Open(TEntry entry);

    private QueueShutdownException ShutDownError(string what) => new($"{this} was shut down: {what}.", _failure);

    private sealed class GetSide(WaitableQueue<T, TEntry> queue) : IGrantor
    {
        public void TakeBack(Completion wait) => queue.TakeBackItem(((Getter)wait.Cargo!).Taken);

        public override string ToString() => $"an item of {queue}";
    }

    private sealed class PutSide(WaitableQueue<T, TEntry> queue) : IGrantor
    {
        public void TakeBack(Completion wait) => queue.TakeBackRoom((Putter)wait.Cargo!);

        public override string ToString() => $"room in {queue}";
    }

    private sealed class JoinSide(WaitableQueue<T, TEntry> queue)
    {
        public override string ToString() => $"the {queue.UnfinishedCount} unfinished items of {queue}";
    }
}
