using System.Runtime.CompilerServices;

namespace Sprig.Synchronization;

/// <summary>The item with the least priority value first; of equal ones the one that came first.</summary>
/// <inheritdoc cref="WaitableQueue{T, TEntry}"/>
/// <typeparam name="T">The items' type.</typeparam>
/// <typeparam name="TPriority">What orders them.</typeparam>
public sealed class AsyncPriorityQueue<T, TPriority> : WaitableQueue<T, PrioritizedItem<T, TPriority>>
{
    private readonly PriorityQueue<StoredItem<PrioritizedItem<T, TPriority>>, (TPriority Priority, long Order)> _items;
    private readonly IComparer<TPriority> _priorities;

    /// <summary>An empty queue.</summary>
    /// <param name="capacity">How many items it holds at most; null or 0: without bound.</param>
    /// <param name="comparer">Orders the priorities; the type's own order unless given.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative capacity.</exception>
    public AsyncPriorityQueue(int? capacity = null, IComparer<TPriority>? comparer = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label("AsyncPriorityQueue", name, file, line), RoomOf(capacity))
    {
        _priorities = comparer ?? Comparer<TPriority>.Default;
        _items = new(new StableOrder(_priorities));
    }

    private protected override int StoredCount => _items.Count;

    /// <summary>Puts an item in; waits for room.</summary>
    /// <param name="item">What to put.</param>
    /// <param name="priority">The least is taken first.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="ItemQueue{T}.PutAsync(T, CancellationToken)"/>
    public ValueTask PutAsync(T item, TPriority priority, CancellationToken cancellationToken = default) => PutEntryAsync(Checked(item, priority), cancellationToken);

    /// <summary>Puts an item in; waits for room until <paramref name="timeout"/> is over.</summary>
    /// <param name="item">What to put.</param>
    /// <param name="priority">The least is taken first.</param>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="ItemQueue{T}.PutAsync(T, TimeSpan, CancellationToken)"/>
    public ValueTask PutAsync(T item, TPriority priority, TimeSpan timeout, CancellationToken cancellationToken = default)
        => PutEntryAsync(Checked(item, priority), timeout, cancellationToken);

    /// <summary>Puts an item in if there is room, or if somebody waits for one; never waits.</summary>
    /// <inheritdoc cref="ItemQueue{T}.TryPut"/>
    public bool TryPut(T item, TPriority priority) => TryPutEntry(Checked(item, priority));

    /// <summary>Puts an item in, for which there must be room.</summary>
    /// <inheritdoc cref="ItemQueue{T}.PutNoWait"/>
    public void PutNoWait(T item, TPriority priority) => PutEntryNoWait(Checked(item, priority));

    // Now: thrown in the middle of the heap, or where another's get makes room for it, what the comparer throws would cost items.
    private PrioritizedItem<T, TPriority> Checked(T item, TPriority priority)
    {
        _ = _priorities.Compare(priority, priority);
        if (_items.TryPeek(out _, out (TPriority Priority, long Order) next))
            _ = _priorities.Compare(priority, next.Priority);
        return new(item, priority);
    }

    private protected override void Store(in StoredItem<PrioritizedItem<T, TPriority>> stored) => _items.Enqueue(stored, (stored.Entry.Priority, stored.Order));

    private protected override StoredItem<PrioritizedItem<T, TPriority>> Unstore() => _items.Dequeue();

    private protected override void Restore(in StoredItem<PrioritizedItem<T, TPriority>> item) => Store(item);

    private protected override bool Withdraw(long order) => _items.Remove(new(default, order, null), out _, out _, SameOrder.Instance);

    private protected override bool TryPeekStored(out StoredItem<PrioritizedItem<T, TPriority>> stored) => _items.TryPeek(out stored, out _);

    private protected override void ClearStored() => _items.Clear();

    private protected override T Open(PrioritizedItem<T, TPriority> entry) => entry.Item;

    private sealed class StableOrder(IComparer<TPriority> priorities) : IComparer<(TPriority Priority, long Order)>
    {
        public int Compare((TPriority Priority, long Order) x, (TPriority Priority, long Order) y)
            => priorities.Compare(x.Priority, y.Priority) is not 0 and int unequal ? unequal : x.Order.CompareTo(y.Order);
    }

    private sealed class SameOrder : IEqualityComparer<StoredItem<PrioritizedItem<T, TPriority>>>
    {
        internal static readonly SameOrder Instance = new();

        public bool Equals(StoredItem<PrioritizedItem<T, TPriority>> x, StoredItem<PrioritizedItem<T, TPriority>> y) => x.Order == y.Order;

        public int GetHashCode(StoredItem<PrioritizedItem<T, TPriority>> item) => item.Order.GetHashCode();
    }
}
