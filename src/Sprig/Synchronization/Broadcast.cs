using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>One item for all: each subscriber gets every item published after it subscribed, in order, from a buffer of its own.</summary>
/// <remarks>Loop thread only. An item is delivered to all in one breath, or, where a publisher is killed or timed out while it
/// waits for a slow subscriber, to none. Publishers that wait are served first come first served. Nothing allocates in the steady
/// state.</remarks>
/// <example><code>
/// using BroadcastSubscription&lt;Reading&gt; mine = readings.Subscribe(capacity: 16, SlowSubscriber.DropOldest);
/// await foreach (Reading reading in mine)
///     await SendAsync(client, reading);
/// </code></example>
public sealed class Broadcast<T> : SynchronizationPrimitive
{
    private readonly List<BroadcastSubscription<T>> _subscriptions = [];
    private readonly HandoverPool<T> _places = new();

    /// <summary>Without subscribers at first: what is published then is seen by nobody.</summary>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Broadcast(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label("Broadcast", name, file, line))
    {
    }

    /// <summary>How many subscribers there are.</summary>
    public int SubscriberCount => _subscriptions.Count;

    /// <summary>Whether <see cref="Shutdown"/> was called.</summary>
    public bool IsShutdown { get; private set; }

    /// <summary>Subscribes from now on, until the subscription is disposed.</summary>
    /// <param name="capacity">How many items are kept for it; null or 0: without bound.</param>
    /// <param name="whenFull">What is done when they are not fetched in time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative capacity, or an unknown <paramref name="whenFull"/>.</exception>
    /// <exception cref="QueueShutdownException">It was shut down.</exception>
    public BroadcastSubscription<T> Subscribe(int? capacity = null, SlowSubscriber whenFull = SlowSubscriber.Wait)
    {
        if (!Enum.IsDefined(whenFull))
            throw new ArgumentOutOfRangeException(nameof(whenFull), whenFull, $"{this} knows no such way with a slow subscriber; take one of {nameof(SlowSubscriber)}.");
        _waiters.Check();
        ThrowIfShutdown();
        BroadcastSubscription<T> subscription = new(this, capacity, whenFull);
        _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Gives an item to every subscriber; waits for those that want to be waited for.</summary>
    /// <param name="item">What to publish.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueShutdownException">It was shut down.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited; nobody got the item.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; nobody got the item.</exception>
    public ValueTask PublishAsync(T item, CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _waiters.Enter();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return PublishAfterTurnAsync(item, cancellationToken);
        return TryPublish(item) ? default : WaitAsync(item, cancellationToken);
    }

    /// <summary>Gives an item to every subscriber, or to none, false, where one that wants to be waited for is full.</summary>
    /// <exception cref="QueueShutdownException">It was shut down.</exception>
    public bool TryPublish(T item)
    {
        _waiters.Check();
        ThrowIfShutdown();
        if (_waiters.First is not null || !HasRoom())
            return false;
        Deliver(item);
        return true;
    }

    /// <summary>Ends it: publishing throws, also for those who wait; subscribers get what they have, and then the end.</summary>
    public void Shutdown()
    {
        _waiters.Check();
        IsShutdown = true;
        while (_waiters.First is { } wait)
            wait.Fail(new QueueShutdownException($"{this} was shut down: nothing can be published any more."));
        foreach (BroadcastSubscription<T> subscription in _subscriptions)
            subscription.End();
    }

    internal void Remove(BroadcastSubscription<T> subscription)
    {
        _waiters.Check();
        if (_subscriptions.Remove(subscription))
            OnRoom();
    }

    /// <summary>A subscriber has fetched an item, or left: what waited may go out now.</summary>
    internal void OnRoom()
    {
        while (_waiters.First is { } wait && HasRoom())
        {
            // In this order: whom it makes ready are the subscribers first.
            Deliver(((Handover<T>)wait.Cargo!).Item!);
            wait.Succeed();
            wait.Settle();
        }
    }

    private ValueTask WaitAsync(T item, CancellationToken cancellationToken)
    {
        Handover<T> place = _places.Rent(item);
        place.Attach(_waiters.Begin(cancellationToken));
        return place.AsVoid();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask PublishAfterTurnAsync(T item, CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        if (!TryPublish(item))
            await WaitAsync(item, cancellationToken);
    }

    private bool HasRoom()
    {
        foreach (BroadcastSubscription<T> subscription in _subscriptions)
        {
            if (subscription.MustBeWaitedFor)
                return false;
        }

        return true;
    }

    private void Deliver(T item)
    {
        for (int i = 0; i < _subscriptions.Count; i++)
        {
            // One that is cut off leaves the list.
            if (!_subscriptions[i].Accept(item))
                _subscriptions.RemoveAt(i--);
        }
    }

    private void ThrowIfShutdown()
    {
        if (IsShutdown)
            throw new QueueShutdownException($"{this} was shut down: nothing can be published any more.");
    }
}
