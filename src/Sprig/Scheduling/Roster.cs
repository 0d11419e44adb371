namespace Sprig.Scheduling;

/// <summary>The living of one run, in spawn order: an array with holes, closed up when most of it is holes. Each coroutine
/// knows its place, so that taking one out costs no search. It doubles when it is full and never shrinks.</summary>
/// <remarks>A list through the coroutines would cost each of them two references, and the stores of them.</remarks>
internal sealed class Roster
{
    private const int Least = 64;
    private Entry[] _entries = new Entry[Least];
    private int _end;

    internal int Count { get; private set; }

    internal void Add(Coroutine coroutine)
    {
        if (_end == _entries.Length)
            CloseUp(Count > _end / 2 ? new Entry[_end * 2] : _entries);
        coroutine.Place = _end;
        _entries[_end++].Coroutine = coroutine;
        Count++;
    }

    internal void Remove(Coroutine coroutine)
    {
        _entries[coroutine.Place].Coroutine = null;
        Count--;
        // So that a walk costs what the living cost, and not what once lived.
        if (_end > Least && Count < _end / 4)
            CloseUp(_entries);
    }

    /// <summary>Those that live now; some of them may have ended when their turn in the walk comes.</summary>
    internal List<Coroutine> Snapshot()
    {
        List<Coroutine> all = new(Count);
        foreach (Entry entry in _entries.AsSpan(0, _end))
        {
            if (entry.Coroutine is { } coroutine)
                all.Add(coroutine);
        }

        return all;
    }

    private void CloseUp(Entry[] entries)
    {
        int count = 0;
        for (int i = 0; i < _end; i++)
        {
            if (_entries[i].Coroutine is not { } coroutine)
                continue;
            _entries[i].Coroutine = null;
            coroutine.Place = count;
            entries[count++].Coroutine = coroutine;
        }

        _entries = entries;
        _end = count;
    }

    /// <summary>Spares each store the check that arrays of references make.</summary>
    private struct Entry
    {
        internal Coroutine? Coroutine;
    }
}
