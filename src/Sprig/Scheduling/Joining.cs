namespace Sprig.Scheduling;

/// <summary>One <see cref="Coroutine.JoinAll(IEnumerable{Coroutine}, TimeSpan?, bool)"/>: counts ends, keeps the earliest failure.</summary>
internal sealed class Joining
{
    private readonly Coroutine[] _coroutines;
    private readonly bool _raiseError;
    private readonly WaitQueue _done;
    private Coroutine? _failed;
    private int _left;

    internal Joining(Coroutine[] coroutines, bool raiseError)
    {
        _coroutines = coroutines;
        _raiseError = raiseError;
        _done = new WaitQueue(this);
        _left = coroutines.Length;
    }

    public override string ToString()
        => $"all of {string.Join(", ", _coroutines.Where(coroutine => coroutine.IsAlive).Select(coroutine => $"'{coroutine.Name}'"))}";

    internal async Task<bool> WaitAsync(long due)
    {
        // Those that have ended already: the earliest failure among them is the one that was recorded first.
        _left = _coroutines.Count(coroutine => coroutine.IsAlive);
        _failed = EarliestFailed();
        foreach (Coroutine coroutine in _coroutines.Where(coroutine => coroutine.IsAlive))
            coroutine.AddDoneCallback(OnEnded);
        try
        {
            while (_left > 0 && !(_raiseError && _failed is not null))
            {
                TimeSpan left = due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeLeft(due);
                if (!await _done.WaitAsync(left))
                    break;
            }
        }
        finally
        {
            foreach (Coroutine coroutine in _coroutines)
                coroutine.RemoveDoneCallback(OnEnded);
        }

        // Some may have ended in the tick in which the time was over, before their callbacks ran.
        if (_raiseError)
            EarliestFailed()?.ThrowIfNotCompleted();
        return !_coroutines.Any(coroutine => coroutine.IsAlive);
    }

    private Coroutine? EarliestFailed()
        => _coroutines.Where(coroutine => coroutine.FailureRecord is not null).MinBy(coroutine => coroutine.FailureRecord!.Order);

    private static TimeSpan TimeLeft(long due)
    {
        TimeSpan left = new MonotonicTime(due) - MonotonicTime.Now;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    private void OnEnded(Coroutine coroutine)
    {
        _left--;
        if (coroutine.FailureRecord is not null)
            _failed ??= coroutine;
        if (_left == 0 || (_raiseError && _failed is not null))
            _done.WakeAll();
    }
}
