namespace Sprig.Scheduling;

/// <summary>What foreign code sees while a coroutine runs: the <see cref="SynchronizationContext"/> that brings the
/// continuation of a foreign task home, into the coroutine that awaited it.</summary>
internal sealed class LoopContext(CoroutineScheduler scheduler, Coroutine? coroutine) : SynchronizationContext
{
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

        using ManualResetEventSlim done = new();
        Exception? failure = null;
        bool taken = scheduler.Inbox.Post(coroutine, (Action)Call, null);
        if (!taken)
            throw new InvalidOperationException("The scheduler's run has ended; nothing can be sent to it any more.");
        done.Wait();
        if (failure is not null)
            throw new InvalidOperationException("The callback sent to the loop failed; see the inner exception.", failure);

        void Call()
        {
            try
            {
                d(state);
            }
#pragma warning disable CA1031 // Whatever it is belongs to the sender.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }

            done.Set();
        }
    }

    public override SynchronizationContext CreateCopy() => this;
}
