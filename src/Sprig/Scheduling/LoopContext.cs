namespace Sprig.Scheduling;

/// <summary>What foreign code sees while a coroutine runs: the <see cref="SynchronizationContext"/> that brings the
/// continuation of a foreign task home, into the coroutine that awaited it.</summary>
internal sealed class LoopContext(CoroutineScheduler scheduler, Coroutine? coroutine) : SynchronizationContext
{
    private static readonly Action<object?> s_run = static request => ((SendRequest)request!).Run();

    /// <summary>Any thread. Never runs the callback inline. Dropped when the run has ended: its coroutine is dead.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (scheduler.IsOnLoopThread)
            scheduler.Ready.Enqueue(coroutine, d, state);
        else
            scheduler.Inbox.Post(coroutine, d, state);
    }

    /// <summary>Runs the callback on the loop and returns when it has; inline when called there.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (scheduler.IsOnLoopThread)
        {
            d(state);
            return;
        }

        using SendRequest request = new(d, state);
        if (!scheduler.Inbox.Post(coroutine, s_run, request))
            request.Drop();
        request.WaitUntilRun();
    }

    public override SynchronizationContext CreateCopy() => this;
}
