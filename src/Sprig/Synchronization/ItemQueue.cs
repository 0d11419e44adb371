namespace Sprig.Synchronization;

/// <summary>What the queues whose items stand alone have in common: putting.</summary>
/// <inheritdoc cref="WaitableQueue{T, TEntry}"/>
public abstract class ItemQueue<T> : WaitableQueue<T, T>
{
    private readonly ItemDeque<T> _items = new();

    private protected ItemQueue(Label label, int room)
        : base(label, room)
    {
    }

    /// <summary>Puts an item in; waits for room.</summary>
    /// <param name="item">What to put.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueShutdownException">The queue is shut down; the item is still the caller's.</exception>
    /// <exception cref="Scheduling.CoroutineKilledException">Killed while it waited; the item is still the caller's.</exception>
    /// <exception cref="Scheduling.DeadlineExceededException">A deadline around the wait has passed; the item is still the caller's.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the queue belongs to another scheduler.</exception>
    public ValueTask PutAsync(T item, CancellationToken cancellationToken = default) => PutEntryAsync(item, cancellationToken);

    /// <summary>Puts an item in; waits for room until <paramref name="timeout"/> is over.</summary>
    /// <param name="item">What to put.</param>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueFullException">The time was over first; the item is still the caller's.</exception>
    /// <inheritdoc cref="PutAsync(T, CancellationToken)"/>
    public ValueTask PutAsync(T item, TimeSpan timeout, CancellationToken cancellationToken = default) => PutEntryAsync(item, timeout, cancellationToken);

    /// <summary>Puts an item in if there is room, or if somebody waits for one; never waits.</summary>
    /// <exception cref="QueueShutdownException">The queue is shut down; the item is still the caller's.</exception>
    public bool TryPut(T item) => TryPutEntry(item);

    /// <summary>Puts an item in, for which there must be room.</summary>
    /// <exception cref="QueueFullException">There is none; the item is still the caller's.</exception>
    /// <exception cref="QueueShutdownException">The queue is shut down; the item is still the caller's.</exception>
    public void PutNoWait(T item) => PutEntryNoWait(item);

    private protected sealed override int StoredCount => _items.Count;

    /// <summary>Whether the newest is the next to be taken.</summary>
    private protected virtual bool NewestFirst => false;

    private protected sealed override void Store(in StoredItem<T> stored)
    {
        if (NewestFirst)
            _items.AddFirst(stored);
        else
            _items.AddLast(stored);
    }

    private protected sealed override StoredItem<T> Unstore() => _items.RemoveFirst();

    private protected sealed override void Restore(in StoredItem<T> item) => _items.Restore(item, NewestFirst);

    private protected sealed override bool Withdraw(long order) => _items.Remove(order);

    private protected sealed override bool TryPeekStored(out StoredItem<T> stored) => _items.TryPeekFirst(out stored);

    private protected sealed override void ClearStored() => _items.Clear();

    private protected sealed override T Open(T entry) => entry;
}
