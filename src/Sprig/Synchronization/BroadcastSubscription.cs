using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>What one subscriber of a <see cref="Broadcast{T}"/> gets. Dispose it when nobody fetches any more: otherwise
/// publishers may wait for it.</summary>
/// <remarks>Loop thread only. Several coroutines may share one: each item goes to one of them.</remarks>
public sealed class BroadcastSubscription<T> : IAsyncEnumerable<T>, IDisposable
{
    private readonly Broadcast<T> _source;
    private readonly SlowSubscriber _whenFull;
    private readonly AsyncQueue<T> _items;

    internal BroadcastSubscription(Broadcast<T> source, int? capacity, SlowSubscriber whenFull)
    {
        _source = source;
        _whenFull = whenFull;
        _items = new AsyncQueue<T>(capacity, $"a subscription to {source.Name}");
    }

    /// <summary>How many items wait to be fetched.</summary>
    public int Count => _items.Count;

    /// <summary>How many were dropped because they were not fetched in time.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether it was cut off; see <see cref="SlowSubscriber.Disconnect"/>.</summary>
    public bool IsDisconnected { get; private set; }

    internal bool MustBeWaitedFor => _whenFull == SlowSubscriber.Wait && IsFull;

    private bool IsFull => _items.Count >= (_items.Capacity ?? int.MaxValue);

    /// <summary>Fetches the next item; waits for one.</summary>
    /// <exception cref="SubscriberTooSlowException">It was cut off, and has fetched all that it had.</exception>
    /// <inheritdoc cref="WaitableQueue{T, TEntry}.GetAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<T> GetAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            T item = await _items.GetAsync(cancellationToken);
            _source.OnRoom();
            return item;
        }
        catch (QueueShutdownException) when (IsDisconnected)
        {
            throw TooSlow();
        }
    }

    /// <summary>Fetches the next item if there is one; never waits.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T item)
    {
        bool has = _items.TryGet(out item);
        if (has)
            _source.OnRoom();
        return has;
    }

    /// <summary><c>await foreach</c>: each item as it comes, until the broadcast is shut down.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="SubscriberTooSlowException">It was cut off, and has fetched all that it had.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    /// <summary>Unsubscribes. Those who wait here get a <see cref="QueueShutdownException"/>.</summary>
    public void Dispose()
    {
        _source.Remove(this);
        _items.Shutdown(immediate: true);
    }

    internal void End() => _items.Shutdown();

    /// <summary>False when it is cut off.</summary>
    internal bool Accept(T item)
    {
        if (IsFull && _whenFull is SlowSubscriber.DropNewest)
        {
            Dropped++;
            return true;
        }

        if (IsFull && _whenFull is SlowSubscriber.Disconnect)
        {
            Dropped++;
            IsDisconnected = true;
            _items.Shutdown();
            return false;
        }

        // More than one, where it holds what came back from a getter that was killed.
        while (IsFull && _items.TryGet(out _))
            Dropped++;
        _items.PutNoWait(item);
        return true;
    }

    private SubscriberTooSlowException TooSlow()
        => new($"{_items} was cut off: it was {_items.Capacity} items behind. Fetch faster, or take a larger capacity or another SlowSubscriber.");

    private sealed class Enumerator(BroadcastSubscription<T> subscription, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        private readonly IAsyncEnumerator<T> _items = subscription._items.GetAsyncEnumerator(cancellationToken);

        public T Current => _items.Current;

        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            bool more = await _items.MoveNextAsync();
            if (more)
                subscription._source.OnRoom();
            else if (subscription.IsDisconnected)
                throw subscription.TooSlow();
            return more;
        }

        public ValueTask DisposeAsync() => _items.DisposeAsync();
    }
}
