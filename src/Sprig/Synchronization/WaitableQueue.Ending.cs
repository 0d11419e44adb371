using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <content>Joining and shutting down.</content>
public abstract partial class WaitableQueue<T, TEntry>
{
    private CancellationTokenSource? _end;
    private Exception? _failure;

    /// <summary>Cancelled when it is shut down.</summary>
    internal CancellationToken EndToken
    {
        get
        {
            _end ??= new CancellationTokenSource();
            if (IsShutdown)
                _end.Cancel();
            return _end.Token;
        }
    }

    /// <summary>One item that was taken has been worked on: each get is to be followed by one of these, where somebody joins.</summary>
    /// <exception cref="InvalidOperationException">More items would be done than were put.</exception>
    public void TaskDone()
    {
        _home.Check(this);
        if (UnfinishedCount == 0)
            throw new InvalidOperationException($"TaskDone of {this} was called more often than items were put. Call it once for each item taken.");
        CountDone();
    }

    /// <summary>Waits until every item that was put has been taken and counted done.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="InvalidOperationException">No coroutine runs on this thread, or the queue belongs to another scheduler.</exception>
    public ValueTask JoinAsync(CancellationToken cancellationToken = default)
    {
        _home.Enter(this);
        if (UnfinishedCount > 0)
            return _joiners.WaitAsync(cancellationToken);
        return Coroutine.CheckpointAsync();
    }

    /// <summary>Waits until every item is done, true, or until <paramref name="timeout"/> is over, false.</summary>
    /// <param name="timeout">From now; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <inheritdoc cref="JoinAsync(CancellationToken)"/>
    public ValueTask<bool> JoinAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _home.Enter(this);
        long due = MonotonicTime.DueAfter(timeout, nameof(timeout));
        if (UnfinishedCount > 0)
            return _joiners.WaitAsync(due, cancellationToken);
        return Completion.BeginTurnIfDue("its turn") is { } turn ? new ValueTask<bool>(turn, turn.Version) : new ValueTask<bool>(true);
    }

    /// <summary>Ends it: from now on puts throw, those that wait too; gets take what is left and then throw, and
    /// <c>await foreach</c> ends.</summary>
    /// <param name="immediate">Drops what is left, and counts it done.</param>
    public void Shutdown(bool immediate = false)
    {
        _home.Check(this);
        IsShutdown = true;
        if (immediate)
            DropAll();
        while (_putters.First is { } put)
            put.Fail(ShutDownError("nothing can be put into it any more"));
        // Where somebody waits for an item there is none.
        while (_getters.First is { } get)
            get.Fail(ShutDownError("nothing will come into it any more"));
        _end?.Cancel();
    }

    /// <summary>Ends it because what fed it has failed: who takes what is left gets the failure behind it.</summary>
    internal void Fail(Exception failure)
    {
        if (!IsShutdown)
            _failure = failure;
        Shutdown();
    }

    private void DropAll()
    {
        _dropsAll = true;
        int dropped = StoredCount;
        ClearStored();
        while (dropped-- > 0)
            CountDone();
    }

    private void CountDone()
    {
        // None, where a TaskDone came before its item was taken, and that was dropped.
        if (UnfinishedCount > 0 && --UnfinishedCount == 0)
            _joiners.WakeAll();
    }
}
