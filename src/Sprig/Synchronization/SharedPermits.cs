using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A semaphore between schedulers: coroutines of many loops wait for a permit in one line, first come first served, each
/// by a wait of its own loop. Any thread gives permits. Closed, it gives out those that are left.</summary>
/// <remarks>A permit belongs to exactly one: the count, the post that brings it to a waiter's loop, or the waiter's wait. Where a
/// post finds nobody, or is dropped because its run has ended, or a wait fails after it was granted, the permit comes back here
/// and goes to the next.</remarks>
/// <param name="count">How many there are at first.</param>
/// <param name="what">What a permit is for; stands in reports.</param>
internal sealed class SharedPermits(int count, string what)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private int _count = count;

    /// <summary>Those on their way to a waiter that has not run yet.</summary>
    private int _promised;
    private bool _isClosed;

    private string What { get; } = what;

    /// <summary>Any thread. Takes one if there is one; those that wait are never overtaken, since then there is none.</summary>
    internal bool TryTake()
    {
        lock (_gate)
        {
            if (_count == 0)
                return false;
            _count--;
            return true;
        }
    }

    /// <summary>Waits for one in the running coroutine; false when it is closed and none is left.</summary>
    internal ValueTask<bool> TakeAsync(CoroutineScheduler scheduler, CancellationToken token)
        => TryTake() ? new ValueTask<bool>(true) : WaitAsync(scheduler, token);

    /// <summary>Any thread. Gives one to the first in the line, or keeps it.</summary>
    internal void Give() => Give(returned: 0);

    /// <summary>Any thread. No more will come: when none is left and none on its way, those that wait are told so.</summary>
    internal void Close()
    {
        lock (_gate)
            _isClosed = true;
        TellIfNoneIsLeft();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(CoroutineScheduler scheduler, CancellationToken token)
    {
        Waiter waiter = new(this, scheduler);
        lock (_gate)
        {
            // Given in between, by another thread.
            if (_count > 0)
            {
                _count--;
                return true;
            }

            if (_isClosed && _promised == 0)
                return false;
            _waiters.AddLast(waiter.Place);
        }

        // Another thread may give at any time: no deadlock, and virtual time is patient.
        scheduler.OutsideWaits++;
        try
        {
            await waiter.Line.WaitAsync(token);
        }
        finally
        {
            scheduler.OutsideWaits--;
            Leave(waiter);
        }

        if (waiter.IsClosed)
            return false;
        OnTaken();
        return true;
    }

    private void GiveBack()
    {
        Give(returned: 1);
        TellIfNoneIsLeft();
    }

    private void Give(int returned)
    {
        // Where its run has ended without it, the next one.
        while (NextToServe(returned) is { } waiter && !waiter.Bring())
            returned = 1;
    }

    /// <summary>In one with what was promised before: a permit is nowhere at no time.</summary>
    private Waiter? NextToServe(int returned)
    {
        lock (_gate)
        {
            _promised -= returned;
            if (_waiters.First is not { } first)
            {
                _count++;
                return null;
            }

            _waiters.RemoveFirst();
            _promised++;
            return first.Value;
        }
    }

    private void OnTaken()
    {
        lock (_gate)
            _promised--;
        TellIfNoneIsLeft();
    }

    private void Leave(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place.List is not null)
                _waiters.Remove(waiter.Place);
        }
    }

    private void TellIfNoneIsLeft()
    {
        Waiter[] left;
        lock (_gate)
        {
            if (!_isClosed || _promised > 0 || _count > 0 || _waiters.Count == 0)
                return;
            left = [.. _waiters];
            _waiters.Clear();
        }

        foreach (Waiter waiter in left)
            waiter.TellClosed();
    }

    private sealed class Waiter : IGrantor, IPost
    {
        private static readonly Action<object?> s_arrive = static self => ((Waiter)self!).Arrive();

        private readonly SharedPermits _permits;
        private readonly CoroutineScheduler _scheduler;

        internal Waiter(SharedPermits permits, CoroutineScheduler scheduler)
        {
            _permits = permits;
            _scheduler = scheduler;
            Line = new WaitQueue(this);
            Place = new LinkedListNode<Waiter>(this);
        }

        /// <summary>Of one.</summary>
        internal WaitQueue Line { get; }

        internal LinkedListNode<Waiter> Place { get; }

        internal bool IsClosed { get; private set; }

        public override string ToString() => _permits.What;

        /// <summary>Any thread. Sends a permit to its loop; false when that has ended.</summary>
        internal bool Bring() => _scheduler.Inbox.Post(null, s_arrive, this);

        internal void TellClosed() => _scheduler.Inbox.Post(null, (Action)OnClosed, null);

        public void Drop() => _permits.GiveBack();

        public void TakeBack(Completion wait) => _permits.GiveBack();

        private void Arrive()
        {
            if (!Line.WakeOne())
                _permits.GiveBack();
        }

        private void OnClosed()
        {
            IsClosed = true;
            Line.WakeAll();
        }
    }
}
