using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <content>Shutting down.</content>
public sealed partial class BlockingPool
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isShutdown;

    /// <summary>Whether it was shut down, or disposed.</summary>
    public bool IsShutdown => _isShutdown;

    /// <summary>From now on nothing new is taken; what waits in the line gets its turn all the same. Idle threads end at once, the others
    /// when they have nothing to do.</summary>
    /// <param name="wait">Wait until all work has ended: in a coroutine by a wait of its loop, elsewhere by an ordinary task.</param>
    /// <param name="cancelPending">Cancel what waits in the line: who waits for it gets an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">It is the <see cref="Default"/> one.</exception>
    public Task ShutdownAsync(bool wait = true, bool cancelPending = false)
    {
        Close(cancelPending);
        return !wait ? Task.CompletedTask : Coroutine.CurrentOrNull is null ? _drained.Task : UntilDrainedAsync();
    }

    /// <summary><see cref="ShutdownAsync"/>, waiting for nobody.</summary>
    public void Dispose() => Close(cancelPending: false);

    /// <summary><see cref="ShutdownAsync"/>, waiting for all.</summary>
    public ValueTask DisposeAsync() => new(ShutdownAsync());

    private void Close(bool cancelPending)
    {
        if (_isShared)
            throw new InvalidOperationException($"{this} is shared by the whole program and can't be shut down; make a pool of your own.");
        lock (_gate)
        {
            _isShutdown = true;
            while (_idle is [.., { } idle])
                Wake(idle, null);
            while (cancelPending && _line.First is { } first)
            {
                first.Value.Place = null;
                _line.RemoveFirst();
                _unfinished--;
                first.Value.Drop();
            }

            CompleteIfDrained();
        }
    }

    private void CompleteIfDrained()
    {
        if (_isShutdown && _unfinished == 0)
            _drained.TrySetResult();
    }

    private async Task UntilDrainedAsync()
    {
        Coroutine drained = _drained.Task.AsCoroutine(new SpawnOptions { Name = $"the end of {this}" });
        try
        {
            await drained;
        }
        finally
        {
            drained.Kill();
        }
    }
}
