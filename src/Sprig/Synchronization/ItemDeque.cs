using System.Runtime.CompilerServices;

namespace Sprig.Synchronization;

/// <summary>The items of a FIFO or LIFO queue: a ring that doubles when it is full and never shrinks.</summary>
internal sealed class ItemDeque<T>
{
    private const int Least = 8;
    private StoredItem<T>[] _ring = [];
    private int _first;

    internal int Count { get; private set; }

    internal void AddLast(in StoredItem<T> item)
    {
        if (Count == _ring.Length)
            Grow();
        At(Count++) = item;
    }

    internal void AddFirst(in StoredItem<T> item)
    {
        if (Count == _ring.Length)
            Grow();
        _first = (_first - 1) & (_ring.Length - 1);
        Count++;
        At(0) = item;
    }

    internal StoredItem<T> RemoveFirst()
    {
        ref StoredItem<T> slot = ref At(0);
        StoredItem<T> item = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<StoredItem<T>>())
            slot = default;
        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        return item;
    }

    internal bool TryPeekFirst(out StoredItem<T> item)
    {
        item = Count > 0 ? At(0) : default;
        return Count > 0;
    }

    /// <summary>Puts one back to the front, behind those that come before it all the same.</summary>
    /// <param name="item">What was taken out.</param>
    /// <param name="newestFirst">Whether the newer ones come first.</param>
    internal void Restore(in StoredItem<T> item, bool newestFirst)
    {
        AddFirst(item);
        for (int i = 0; i + 1 < Count && At(i + 1).Order > item.Order == newestFirst; i++)
            (At(i), At(i + 1)) = (At(i + 1), At(i));
    }

    /// <summary>Takes out, from wherever it stands, the one with this order.</summary>
    internal bool Remove(long order)
    {
        int i = 0;
        while (i < Count && At(i).Order != order)
            i++;
        if (i == Count)
            return false;
        for (Count--; i < Count; i++)
            At(i) = At(i + 1);
        At(Count) = default;
        return true;
    }

    internal void Clear()
    {
        _ring = [];
        _first = Count = 0;
    }

    private ref StoredItem<T> At(int index) => ref _ring[(_first + index) & (_ring.Length - 1)];

    private void Grow()
    {
        var bigger = new StoredItem<T>[Math.Max(Least, _ring.Length * 2)];
        for (int i = 0; i < Count; i++)
            bigger[i] = At(i);
        _ring = bigger;
        _first = 0;
    }
}
