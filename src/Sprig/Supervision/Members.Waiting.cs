using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <content>Waiting until all have left.</content>
internal sealed partial class Members
{
    /// <summary>Woken when all have left, and when one has failed that somebody wants to hear of.</summary>
    private readonly WaitQueue _changed;
    private readonly List<FirstFailure> _listeners = [];
    private int _killing;

    /// <summary>Nobody is here, and nobody is sure to come.</summary>
    internal bool IsIdle => _all.Count == 0 && _isExpecting?.Invoke() != true;

    /// <summary>Waits until there are none, those included that come meanwhile.</summary>
    internal async Task<bool> JoinAsync(TimeSpan? timeout, bool raiseError)
    {
        Enter();
        TimeLimit limit = new(timeout);
        ThrowIfMember();
        FirstFailure? failure = raiseError ? new FirstFailure() : null;
        if (failure is not null)
            _listeners.Add(failure);
        try
        {
            await WaitAsync(limit, failure);
        }
        finally
        {
            if (failure is not null)
                _listeners.Remove(failure);
        }

        if (failure?.Coroutine is { } failed)
            await failed;
        return IsIdle;
    }

    /// <summary>Kills all, and those that come until all have ended.</summary>
    internal async Task<bool> KillAsync(TimeSpan? grace, TimeSpan? timeout)
    {
        Enter();
        TimeLimit limit = new(timeout);
        if (grace is { } given && given != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
        _killing++;
        try
        {
            foreach (Coroutine coroutine in Snapshot())
                coroutine.Kill(grace);
            await WaitAsync(limit, null);
        }
        finally
        {
            _killing--;
        }

        return IsIdle;
    }

    internal void ThrowIfMember()
    {
        if (Coroutine.CurrentOrNull is { } current && Contains(current))
            throw new InvalidOperationException($"{current} belongs to {_owner} and would wait for its own end.");
    }

    /// <summary>For who had somebody to come, and has him no longer.</summary>
    internal void WakeIfIdle()
    {
        if (IsIdle)
            _changed.WakeAll();
    }

    /// <summary>Waits until all have left.</summary>
    internal ValueTask UntilEmptyAsync() => IsIdle ? default : _changed.WaitAsync();

    private async Task WaitAsync(TimeLimit limit, FirstFailure? failure)
    {
        if (IsIdle)
            await Coroutine.CheckpointAsync();
        while (!IsIdle && failure?.Coroutine is null)
        {
            if (await _changed.WaitAsync(limit.Left))
                continue;
            Sweep();
            return;
        }
    }

    private void TellFailed(Coroutine coroutine)
    {
        foreach (FirstFailure listener in _listeners)
            listener.Coroutine ??= coroutine;
        if (_listeners.Count > 0)
            _changed.WakeAll();
    }

    /// <summary>The earliest that failed since somebody has begun to wait.</summary>
    private sealed class FirstFailure
    {
        internal Coroutine? Coroutine { get; set; }
    }
}
