namespace Sprig.Scheduling;

/// <summary>A callback that another thread has sent to the loop, and waits for.</summary>
internal sealed class SendRequest(SendOrPostCallback callback, object? state) : IPost, IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private Exception? _failure;
    private bool _dropped;

    /// <summary>On the loop.</summary>
    internal void Run()
    {
        try
        {
            callback(state);
        }
#pragma warning disable CA1031 // Whatever it is belongs to the sender.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e;
        }

        _done.Set();
    }

    /// <summary>The run has ended and will not take it.</summary>
    public void Drop()
    {
        _dropped = true;
        _done.Set();
    }

    /// <summary>On the sender's thread.</summary>
    internal void WaitUntilRun()
    {
        _done.Wait();
        if (_dropped)
            throw new InvalidOperationException("The scheduler's run has ended; nothing can be sent to it any more.");
        if (_failure is not null)
            throw new InvalidOperationException("The callback sent to the loop failed; see the inner exception.", _failure);
    }

    public void Dispose() => _done.Dispose();
}
