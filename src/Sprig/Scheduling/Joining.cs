using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>One waiting for the ends of several coroutines; one that is named twice counts once.</summary>
internal sealed class Joining : EndListener, IDisposable
{
    private readonly WaitQueue _done;
    private readonly List<Coroutine> _ended = [];
    private ArraySegment<Coroutine> _coroutines;
    private Coroutine? _earliestFailed;
    private bool _isListening;
    private bool _orFailure;
    private int _wanted;

    /// <summary>Takes a copy, since the caller may change the collection meanwhile; rented, since a large one would be garbage of
    /// the expensive kind.</summary>
    internal Joining(ICollection<Coroutine> coroutines)
    {
        _coroutines = new(ArrayPool<Coroutine>.Shared.Rent(coroutines.Count), 0, coroutines.Count);
        coroutines.CopyTo(_coroutines.Array!, 0);
        _done = new WaitQueue(this);
    }

    /// <summary>Those that have ended, in the order of their ends. After <see cref="Listen"/>.</summary>
    internal IReadOnlyList<Coroutine> Ended => _ended;

    /// <summary>How many there are. After <see cref="Listen"/>.</summary>
    internal int Total { get; private set; }

    /// <summary>Whether it ends only when each of them has ended.</summary>
    internal bool IsForAll => !_isListening || (_wanted == Total && !_orFailure);

    /// <summary>The collection, or a copy of what can be read but once.</summary>
    /// <exception cref="ArgumentException">One is null.</exception>
    /// <exception cref="InvalidOperationException">One belongs to another scheduler.</exception>
    internal static ICollection<Coroutine> Check(IEnumerable<Coroutine> coroutines)
    {
        ArgumentNullException.ThrowIfNull(coroutines);
        ICollection<Coroutine> each = coroutines as ICollection<Coroutine> ?? [.. coroutines];
        foreach (Coroutine coroutine in each)
        {
            if (coroutine is null)
                throw new ArgumentException("One of the coroutines is null.", nameof(coroutines));
            coroutine.ThrowIfForeign();
        }

        return each;
    }

    public override string ToString()
    {
        string which = !_isListening || _wanted == Total ? "all" : _wanted == 1 ? "any" : $"{_wanted}";
        return $"{which} of {string.Join(", ", Alive().Select(coroutine => $"'{coroutine.Name}'"))}";
    }

    /// <summary>Waits for one after the other: those that end meanwhile cost nothing.</summary>
    internal async Task<bool> WaitAsync(long due, CancellationToken cancellationToken = default)
    {
        using Joining _ = this;
        if (Completion.BeginTurnIfDue(this) is { } turn)
            await new ValueTask(turn, turn.Version);
        ThrowIfCircle(due == long.MaxValue && !cancellationToken.CanBeCanceled);
        foreach (Coroutine coroutine in _coroutines)
        {
            // When the time is over, they may have ended all the same, in that tick.
            if (coroutine.IsAlive && !await coroutine.JoinAsync(due, this, cancellationToken))
                return !Alive().Any();
        }

        return true;
    }

    /// <summary>Throws the earliest failure as soon as it has happened, in whichever of them.</summary>
    internal async Task<bool> WaitOrRaiseAsync(long due)
    {
        using Joining _ = this;
        Listen();
        _orFailure = true;
        await WaitForAsync(Total, due, default);
        _earliestFailed?.ThrowIfNotCompleted();
        return _ended.Count == Total;
    }

    /// <summary>From now on each tells its end, until this is disposed.</summary>
    internal void Listen()
    {
        _isListening = true;
        foreach (Coroutine coroutine in _coroutines.Distinct())
        {
            Total++;
            if (coroutine.IsAlive)
                coroutine.AddListener(this);
            else
                _ended.Add(coroutine);
        }

        _ended.Sort(Coroutine.CompareEnds);
        _earliestFailed = _ended.Find(coroutine => coroutine.FailureRecord is not null);
    }

    /// <summary>Waits until so many have ended, or the time is over.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask WaitForAsync(int count, long due, CancellationToken cancellationToken)
    {
        _wanted = Math.Min(count, Total);
        if (IsEnough() && Completion.BeginTurnIfDue(this) is { } turn)
            await new ValueTask(turn, turn.Version);
        ThrowIfCircle(due == long.MaxValue && !cancellationToken.CanBeCanceled);
        // When the time is over, the last of them may have ended in that tick, which 'ended' knows.
        while (!IsEnough() && await _done.WaitAsync(due, cancellationToken))
        {
        }
    }

    internal override void OnEnded(Coroutine coroutine)
    {
        _ended.Add(coroutine);
        if (coroutine.FailureRecord is not null)
            _earliestFailed ??= coroutine;
        if (IsEnough())
            coroutine.Scheduler.WakeBehindCallbacks(_done);
    }

    public void Dispose()
    {
        if (_isListening)
        {
            foreach (Coroutine coroutine in _coroutines)
                coroutine.RemoveListener(this);
        }

        Coroutine[] rented = _coroutines.Array!;
        _coroutines = ArraySegment<Coroutine>.Empty;
        ArrayPool<Coroutine>.Shared.Return(rented, clearArray: true);
    }

    private void ThrowIfCircle(bool isForEver)
    {
        if (isForEver && IsForAll && CoroutineScheduler.CurrentOrNull?.Running is { IsWaitedFor: true } waiter)
            WaitGraph.ThrowIfCircle(waiter, this);
    }

    private bool IsEnough() => _ended.Count >= _wanted || (_orFailure && _earliestFailed is not null);

    internal IEnumerable<Coroutine> Alive() => _coroutines.Where(coroutine => coroutine.IsAlive).Distinct();
}
