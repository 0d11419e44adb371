using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sprig.Scheduling;

/// <summary>What is ready to run, first come first served: a ring of (coroutine, callback, state). Enqueue and dequeue
/// cost a few nanoseconds and no allocation; the ring doubles when it is full and never shrinks.</summary>
internal sealed class ReadyQueue
{
    private Entry[] _ring = new Entry[64];
    private int _head;

    internal int Count { get; private set; }

    /// <summary>How many of the entries are the loop's own. Whoever takes one out counts it down.</summary>
    internal int CallbackCount;

    /// <summary>Puts a callback at the end.</summary>
    /// <param name="coroutine">The coroutine in whose name it runs; null for the loop's own (posts, done callbacks).</param>
    /// <param name="callback">An <see cref="Action"/>, an <c>Action&lt;object?&gt;</c> or a <see cref="SendOrPostCallback"/>.</param>
    /// <param name="state">Handed to the two latter kinds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(Coroutine? coroutine, Delegate callback, object? state)
    {
        Entry[] ring = _ring;
        int count = Count;
        if (count == ring.Length)
            ring = Grow();
        ref Entry entry = ref ring[(_head + count) & (ring.Length - 1)];
        entry.Coroutine = coroutine;
        entry.Callback = callback;
        // Most entries carry none, and a store of a reference costs a barrier.
        if (state is not null)
            entry.State = state;
        Count = count + 1;
        if (coroutine is not null)
            coroutine.ReadyCount++;
        else
            CallbackCount++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Entry Dequeue()
    {
        Entry[] ring = _ring;
        int head = _head;
        ref Entry slot = ref ring[head & (ring.Length - 1)];
        Entry entry = slot;
        slot = default;
        _head = (head + 1) & (ring.Length - 1);
        Count--;
        return entry;
    }

    /// <summary>Whether the newest entry resumes the async method whose task is <paramref name="body"/>: a builder's box is its
    /// task, and the target of its continuation.</summary>
    internal bool IsLast(Coroutine coroutine, Task body)
    {
        ref Entry last = ref _ring[(_head + Count - 1) & (_ring.Length - 1)];
        return Count > 0 && last.Coroutine == coroutine && last.Callback is Action action && ReferenceEquals(action.Target, body);
    }

    /// <summary>Puts what is ready now into a random order. What the loop itself calls (posts, done callbacks) keeps its
    /// places, and the entries of one coroutine keep their order among each other: no program may see those change.</summary>
    internal void Shuffle(Random random)
    {
        List<int> places = new(Count);
        Dictionary<Coroutine, Queue<Entry>> repeated = [];
        for (int i = 0; i < Count; i++)
        {
            int place = (_head + i) & (_ring.Length - 1);
            if (_ring[place].Coroutine is not { } coroutine)
                continue;
            places.Add(place);
            if (coroutine.ReadyCount > 1)
                (CollectionsMarshal.GetValueRefOrAddDefault(repeated, coroutine, out _) ??= new()).Enqueue(_ring[place]);
        }

        for (int last = places.Count - 1; last > 0; last--)
        {
            int other = random.Next(last + 1);
            (_ring[places[last]], _ring[places[other]]) = (_ring[places[other]], _ring[places[last]]);
        }

        if (repeated.Count == 0)
            return;
        foreach (int place in places)
        {
            if (repeated.TryGetValue(_ring[place].Coroutine!, out Queue<Entry>? inOrder))
                _ring[place] = inOrder.Dequeue();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry[] Grow()
    {
        var bigger = new Entry[_ring.Length * 2];
        int first = _ring.Length - _head;
        Array.Copy(_ring, _head, bigger, 0, first);
        Array.Copy(_ring, 0, bigger, first, _head);
        _head = 0;
        return _ring = bigger;
    }

    internal struct Entry
    {
        internal Coroutine? Coroutine;
        internal Delegate Callback;
        internal object? State;
    }
}
