using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>What an <c>async void</c> handler sees while it is called: it counts itself in and out here (the compiler's code does), so
/// that its end can be awaited, and brings its failure. Everything else goes on to the loop.</summary>
/// <param name="loop">The context of the coroutine in which the handler is called.</param>
internal sealed class HandlerContext(SynchronizationContext loop) : SynchronizationContext
{
    private static readonly SendOrPostCallback s_fail = static failure => Fail((ExceptionDispatchInfo)failure!);

    private TaskCompletionSource? _ended;
    private int _operations;

    internal bool BelongsTo(SynchronizationContext context) => loop == context;

    /// <summary>After the handler has returned: its end, if that is still to come.</summary>
    internal Task? Pending()
    {
        if (Volatile.Read(ref _operations) == 0)
            return null;
        TaskCompletionSource ended = new();
        // The last to count itself out sees this, or is seen here.
        Interlocked.Exchange(ref _ended, ended);
        if (Volatile.Read(ref _operations) == 0)
            ended.TrySetResult();
        return ended.Task;
    }

    public override void OperationStarted() => Interlocked.Increment(ref _operations);

    public override void OperationCompleted()
    {
        if (Interlocked.Decrement(ref _operations) == 0)
            Volatile.Read(ref _ended)?.TrySetResult();
    }

    /// <summary>An <c>async void</c> method throws by posting what it has caught.</summary>
    public override void Post(SendOrPostCallback d, object? state)
        => loop.Post(state is ExceptionDispatchInfo ? s_fail : d, state);

    public override void Send(SendOrPostCallback d, object? state) => loop.Send(d, state);

    public override SynchronizationContext CreateCopy() => this;

    private static void Fail(ExceptionDispatchInfo failure)
    {
        // The kill that it was to get is no failure.
        if (failure.SourceException is not OperationCanceledException || Coroutine.CurrentOrNull is not { Token.IsCancellationRequested: true })
            failure.Throw();
    }
}
