namespace Sprig.Scheduling;

/// <summary>What foreign code sees while a coroutine runs: the <see cref="SynchronizationContext"/> that brings the
/// continuation of a foreign task home, into the coroutine that awaited it.</summary>
/// <param name="home">The <see cref="Coroutine"/>, or the <see cref="CoroutineScheduler"/> for the loop's own callbacks: one
/// field for both, since every coroutine has such a context.</param>
internal sealed class LoopContext(object home) : SynchronizationContext
{
    private static readonly Action<object?> s_run = static request => ((SendRequest)request!).Run();

    private Coroutine? Coroutine => home as Coroutine;

    private CoroutineScheduler Scheduler => Coroutine?.Scheduler ?? (CoroutineScheduler)home;

    /// <summary>Any thread. Never runs the callback inline. Dropped when the run has ended: its coroutine is dead.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        CoroutineScheduler scheduler = Scheduler;
        if (scheduler.IsOnLoopThread)
            scheduler.Ready.Enqueue(Coroutine, d, state);
        else
            scheduler.Inbox.Post(Coroutine, d, state);
    }

    /// <summary>Runs the callback on the loop and returns when it has; inline when called there.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Scheduler.IsOnLoopThread)
        {
            d(state);
            return;
        }

        using SendRequest request = new(d, state);
        if (!Scheduler.Inbox.Post(Coroutine, s_run, request))
            request.Drop();
        request.WaitUntilRun();
    }

    public override SynchronizationContext CreateCopy() => this;
}
