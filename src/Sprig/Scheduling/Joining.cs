using System.Buffers;

namespace Sprig.Scheduling;

/// <summary>One <see cref="Coroutine.JoinAll(IEnumerable{Coroutine}, TimeSpan?, bool)"/>.</summary>
internal sealed class Joining : IDisposable
{
    private readonly WaitQueue _done;
    private ArraySegment<Coroutine> _coroutines;
    private Coroutine? _failed;
    private int _left;

    /// <summary>Takes a copy, since the caller may change the collection meanwhile; rented, since a large one would be garbage of
    /// the expensive kind.</summary>
    internal Joining(ICollection<Coroutine> coroutines)
    {
        _coroutines = new(ArrayPool<Coroutine>.Shared.Rent(coroutines.Count), 0, coroutines.Count);
        coroutines.CopyTo(_coroutines.Array!, 0);
        _done = new WaitQueue(this);
    }

    public override string ToString() => $"all of {string.Join(", ", Alive().Select(coroutine => $"'{coroutine.Name}'"))}";

    /// <summary>Waits for one after the other: those that end meanwhile cost nothing.</summary>
    internal async Task<bool> WaitAsync(long due)
    {
        using Joining _ = this;
        foreach (Coroutine coroutine in _coroutines)
        {
            // When the time is over, they may have ended all the same, in that tick.
            if (coroutine.IsAlive && !await coroutine.JoinAsync(due, this))
                return !Alive().Any();
        }

        return true;
    }

    /// <summary>Throws the earliest failure as soon as it has happened, in whichever of them: so each has to tell its end.</summary>
    internal async Task<bool> WaitOrRaiseAsync(long due)
    {
        using Joining _ = this;
        Coroutine[] alive = [.. Alive()];
        _left = alive.Length;
        // Those that have ended already: the earliest failure among them is the one that was recorded first.
        _failed = EarliestFailed();
        foreach (Coroutine coroutine in alive)
            coroutine.AddDoneCallback(OnEnded);
        try
        {
            while (_left > 0 && _failed is null && await _done.WaitAsync(due))
            {
            }
        }
        finally
        {
            foreach (Coroutine coroutine in alive)
                coroutine.RemoveDoneCallback(OnEnded);
        }

        // Some may have ended in the tick in which the time was over, before their callbacks ran.
        EarliestFailed()?.ThrowIfNotCompleted();
        return !Alive().Any();
    }

    public void Dispose()
    {
        Coroutine[] rented = _coroutines.Array!;
        _coroutines = ArraySegment<Coroutine>.Empty;
        ArrayPool<Coroutine>.Shared.Return(rented, clearArray: true);
    }

    private IEnumerable<Coroutine> Alive() => _coroutines.Where(coroutine => coroutine.IsAlive).Distinct();

    private Coroutine? EarliestFailed()
        => _coroutines.Where(coroutine => coroutine.FailureRecord is not null).MinBy(coroutine => coroutine.FailureRecord!.Order);

    private void OnEnded(Coroutine coroutine)
    {
        _left--;
        if (coroutine.FailureRecord is not null)
            _failed ??= coroutine;
        if (_left == 0 || _failed is not null)
            _done.WakeAll();
    }
}
