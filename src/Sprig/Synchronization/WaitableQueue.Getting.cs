using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>Getting.</content>
public abstract partial class WaitableQueue<T, TEntry>
{
    private bool HasItem => StoredCount > 0 || (_room == 0 && _putters.First is not null);

    /// <summary>Takes the next item; waits for one.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueShutdownException">The queue is shut down, and empty.</exception>
    /// <exception cref="CoroutineKilledException">Killed while it waited; it has taken nothing.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; it has taken nothing.</exception>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the queue belongs to another scheduler.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _home.Enter(this);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return GetAfterTurnAsync(long.MaxValue, cancellationToken);
        return HasItem ? new ValueTask<T>(Open(Take())) : WaitForItemAsync(long.MaxValue, cancellationToken);
    }

    /// <summary>Takes the next item; waits for one until <paramref name="timeout"/> is over.</summary>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="QueueEmptyException">The time was over first.</exception>
    /// <inheritdoc cref="GetAsync(CancellationToken)"/>
    public ValueTask<T> GetAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CoroutineScheduler scheduler = _home.Enter(this);
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return GetAfterTurnAsync(due, cancellationToken);
        return HasItem ? new ValueTask<T>(Open(Take())) : WaitForItemAsync(due, cancellationToken);
    }

    /// <summary>Takes the next item if there is one; never waits.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T item)
    {
        _home.Check(this);
        bool has = HasItem;
        item = has ? Open(Take()) : default;
        return has;
    }

    /// <summary>Takes the next item, which must be there.</summary>
    /// <exception cref="QueueEmptyException">There is none.</exception>
    /// <exception cref="QueueShutdownException">There is none, and none will come: the queue is shut down.</exception>
    public T GetNoWait() => TryGet(out T? item) ? item : throw Empty();

    /// <summary>The item that would be taken next; it stays.</summary>
    /// <exception cref="QueueEmptyException">There is none.</exception>
    /// <exception cref="QueueShutdownException">There is none, and none will come: the queue is shut down.</exception>
    public T Peek() => TryPeek(out T? item) ? item : throw Empty();

    /// <summary>The item that would be taken next, if there is one; it stays.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        _home.Check(this);
        bool has = HasItem;
        item = !has ? default : Open(TryPeekStored(out StoredItem<TEntry> stored) ? stored.Entry : ((Putter)_putters.First!.Cargo!).Entry!);
        return has;
    }

    /// <summary><c>await foreach</c>: each item as it comes, until the queue is shut down and empty.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    private TEntry Take()
    {
        if (StoredCount == 0)
            return TakeFromHand();
        StoredItem<TEntry> stored = Unstore();
        if (stored.Putter is Putter putter && putter.Order == stored.Order)
            putter.Settle();
        AdmitWaiting();
        return stored.Entry;
    }

    private TEntry TakeFromHand()
    {
        Completion wait = _putters.First!;
        UnfinishedCount++;
        wait.Succeed();
        wait.Settle();
        return ((Putter)wait.Cargo!).Entry!;
    }

    private ValueTask<T> WaitForItemAsync(long due, CancellationToken cancellationToken)
    {
        if (IsShutdown)
            throw ShutDownError("there is nothing in it any more, and nothing will come");
        Getter getter = _freeGetter ?? new Getter(this);
        _freeGetter = (Getter?)getter.NextInPool;
        Completion wait = _getters.Begin(cancellationToken);
        getter.Attach(wait);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return getter.AsValue();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<T> GetAfterTurnAsync(long due, CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        return HasItem ? Open(Take()) : await WaitForItemAsync(due, cancellationToken);
    }

    private void Hand(Completion waiting, in StoredItem<TEntry> item)
    {
        Getter getter = (Getter)waiting.Cargo!;
        getter.Taken = item;
        getter.Item = Open(item.Entry);
        waiting.Grant();
    }

    private void TakeBackItem(in StoredItem<TEntry> item)
    {
        if (_dropsAll)
            CountDone();
        else if (_getters.First is { } next)
            Hand(next, item);
        else
            Restore(item);
    }

    private Exception Empty() => IsShutdown ? ShutDownError("there is nothing in it any more, and nothing will come") : new QueueEmptyException($"{this} is empty.");

    private sealed class Getter(WaitableQueue<T, TEntry> queue) : Handover<T>
    {
        /// <summary>What it was handed, for the case that it is to give it back.</summary>
        internal StoredItem<TEntry> Taken { get; set; }

        private protected override Exception TimedOut() => new QueueEmptyException($"Nothing came into {queue} in time.");

        private protected override void Recycle()
        {
            Taken = default;
            NextInPool = queue._freeGetter;
            queue._freeGetter = this;
        }
    }

    private sealed class Enumerator(WaitableQueue<T, TEntry> queue, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        public T Current { get; private set; } = default!;

        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            if (queue is { IsShutdown: true, HasItem: false, _failure: null })
                return false;
            try
            {
                Current = await queue.GetAsync(cancellationToken);
                return true;
            }
            catch (QueueShutdownException) when (queue is { IsShutdown: true, _failure: null })
            {
                return false;
            }
        }

        public ValueTask DisposeAsync() => default;
    }
}
