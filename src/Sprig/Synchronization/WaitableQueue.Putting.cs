using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>Putting.</content>
public abstract partial class WaitableQueue<T, TEntry>
{
    private protected ValueTask PutEntryAsync(TEntry entry, CancellationToken cancellationToken)
    {
        CoroutineScheduler scheduler = _home.Enter(this);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return PutAfterTurnAsync(entry, long.MaxValue, cancellationToken);
        return TryAccept(entry) ? default : WaitForRoomAsync(entry, long.MaxValue, cancellationToken);
    }

    private protected ValueTask PutEntryAsync(TEntry entry, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CoroutineScheduler scheduler = _home.Enter(this);
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (IoWait.MustPause(scheduler))
            return PutAfterTurnAsync(entry, due, cancellationToken);
        return TryAccept(entry) ? default : WaitForRoomAsync(entry, due, cancellationToken);
    }

    private protected bool TryPutEntry(TEntry entry)
    {
        _home.Check(this);
        return TryAccept(entry);
    }

    private protected void PutEntryNoWait(TEntry entry)
    {
        if (!TryPutEntry(entry))
            throw Full(_room == 0 ? "nobody waits for an item" : "it is full");
    }

    private bool TryAccept(TEntry entry)
    {
        if (IsShutdown)
            throw ShutDownError("nothing can be put into it any more");
        if (_getters.First is { } waiting)
            Hand(waiting, new StoredItem<TEntry>(entry, _order++, null));
        else if (StoredCount < _room)
            Store(new StoredItem<TEntry>(entry, _order++, null));
        else
            return false;
        UnfinishedCount++;
        return true;
    }

    private ValueTask WaitForRoomAsync(TEntry entry, long due, CancellationToken cancellationToken)
    {
        Putter putter = _freePutter ?? new Putter(this);
        _freePutter = (Putter?)putter.NextInPool;
        putter.Entry = entry;
        Completion wait = _putters.Begin(cancellationToken);
        putter.Attach(wait);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return putter.AsVoid();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask PutAfterTurnAsync(TEntry entry, long due, CancellationToken cancellationToken)
    {
        await IoWait.Turn();
        if (!TryAccept(entry))
            await WaitForRoomAsync(entry, due, cancellationToken);
    }

    /// <summary>There is room: for what has waited longest.</summary>
    private void AdmitWaiting()
    {
        while (StoredCount < _room && _putters.First is { } wait)
        {
            Putter putter = (Putter)wait.Cargo!;
            putter.Order = _order;
            Store(new StoredItem<TEntry>(putter.Entry!, _order++, putter));
            UnfinishedCount++;
            wait.Grant();
        }
    }

    private void TakeBackRoom(Putter putter)
    {
        // Dropped by a shutdown, perhaps: then it is counted done already.
        if (!Withdraw(putter.Order))
            return;
        CountDone();
        AdmitWaiting();
    }

    private QueueFullException Full(string why) => new($"{this} took no item: {why}. The item is still yours.");

    private sealed class Putter(WaitableQueue<T, TEntry> queue) : Handover<bool>
    {
        internal TEntry? Entry { get; set; }

        /// <summary>That of its item, from when that was stored until its coroutine has gone on; -1 else.</summary>
        internal long Order { get; set; } = -1;

        private protected override Exception TimedOut() => queue.Full("it was full until the time was over");

        private protected override void Recycle()
        {
            Entry = default;
            Order = -1;
            NextInPool = queue._freePutter;
            queue._freePutter = this;
        }
    }
}
