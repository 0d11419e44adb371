namespace Sprig.Polling;

/// <summary>The deadlines of one loop: a heap of four children a node, ordered by (deadline, order of arming). Each waiter
/// stores its place, so that taking one out costs no search.</summary>
/// <remarks>Adding and removing are O(log n) and allocate nothing once the array has grown. Keys stand beside the references,
/// so that sifting reads one array and never the waiters.</remarks>
internal sealed class TimerHeap
{
    private const int Fan = 4;
    private Entry[] _entries = new Entry[16];
    private long _nextOrder;

    /// <summary>The time of the <see cref="FireDue"/> that runs: what is armed under it stands behind all that is due by then.</summary>
    private long _firing = long.MinValue;

    internal int Count { get; private set; }

    /// <summary>The earliest deadline, or <see cref="long.MaxValue"/> when there is none.</summary>
    internal long NextDue => Count == 0 ? long.MaxValue : _entries[0].Due;

    internal void Add(Waiter waiter, long due)
    {
        if (waiter.HeapIndex >= 0)
            throw new InvalidOperationException("This waiter is already armed.");
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        waiter.Due = due;
        waiter.Order = _nextOrder++;
        SiftUp(Count++, new Entry(Math.Max(due, _firing), waiter.Order, waiter));
    }

    internal void Remove(Waiter waiter)
    {
        int index = waiter.HeapIndex;
        if (index < 0)
            return;
        waiter.HeapIndex = -1;
        Entry last = _entries[--Count];
        _entries[Count] = default;
        if (index == Count)
            return;
        if (index > 0 && last.IsBefore(_entries[(index - 1) / Fan]))
            SiftUp(index, last);
        else
            SiftDown(index, last);
    }

    /// <summary>Wakes every waiter due at <paramref name="now"/>, earliest first; those that these arm anew wait for the next
    /// call, however early they are due, so that a call always ends.</summary>
    internal int FireDue(long now)
    {
        int fired = 0;
        long limit = _nextOrder;
        _firing = now;
        try
        {
            while (Count > 0 && _entries[0].Due <= now && _entries[0].Order < limit)
            {
                Waiter waiter = _entries[0].Waiter;
                Remove(waiter);
                waiter.OnDue();
                fired++;
            }
        }
        finally
        {
            _firing = long.MinValue;
        }

        return fired;
    }

    private void SiftUp(int index, Entry entry)
    {
        while (index > 0)
        {
            int parent = (index - 1) / Fan;
            if (!entry.IsBefore(_entries[parent]))
                break;
            Place(index, _entries[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void SiftDown(int index, Entry entry)
    {
        while (index * Fan + 1 < Count)
        {
            int first = index * Fan + 1;
            int least = first;
            int end = Math.Min(first + Fan, Count);
            for (int child = first + 1; child < end; child++)
            {
                if (_entries[child].IsBefore(_entries[least]))
                    least = child;
            }

            if (!_entries[least].IsBefore(entry))
                break;
            Place(index, _entries[least]);
            index = least;
        }

        Place(index, entry);
    }

    private void Place(int index, Entry entry)
    {
        _entries[index] = entry;
        entry.Waiter.HeapIndex = index;
    }

    private readonly struct Entry(long due, long order, Waiter waiter)
    {
        internal readonly long Due = due;
        internal readonly long Order = order;
        internal readonly Waiter Waiter = waiter;

        internal bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Order < other.Order);
    }
}
