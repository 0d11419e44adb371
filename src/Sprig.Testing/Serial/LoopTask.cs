using System.Threading.Tasks.Sources;

namespace Sprig.Testing.Serial;

/// <summary>The end of a method of a virtual stream. Who awaits it goes on on the loop, also where he said ConfigureAwait(false): the
/// class library does (<see cref="Stream.ReadExactlyAsync(Memory{byte}, CancellationToken)"/>), and would go on on a thread of its pool,
/// where no device can be read.</summary>
internal sealed class LoopTask<T> : IValueTaskSource<T>, IValueTaskSource
{
    private readonly Task<T> _end;

    private LoopTask(Task<T> end) => _end = end;

    internal static ValueTask<T> Of(ValueTask<T> end)
        => end.IsCompleted ? end : new ValueTask<T>(new LoopTask<T>(end.AsTask()), 0);

    internal static ValueTask WithoutResult(ValueTask<T> end)
        => end.IsCompletedSuccessfully ? default : new ValueTask(new LoopTask<T>(end.AsTask()), 0);

    T IValueTaskSource<T>.GetResult(short token) => _end.GetAwaiter().GetResult();

    void IValueTaskSource.GetResult(short token) => _end.GetAwaiter().GetResult();

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => Status;

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Status;

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => OnCompleted(continuation, state, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => OnCompleted(continuation, state, flags);

    private ValueTaskSourceStatus Status => _end switch
    {
        { IsCompletedSuccessfully: true } => ValueTaskSourceStatus.Succeeded,
        { IsCanceled: true } => ValueTaskSourceStatus.Canceled,
        { IsFaulted: true } => ValueTaskSourceStatus.Faulted,
        _ => ValueTaskSourceStatus.Pending,
    };

    // The context is kept whatever the flags say: it is the coroutine's.
    private void OnCompleted(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        var awaiter = _end.GetAwaiter();
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
            awaiter.OnCompleted(() => continuation(state));
        else
            awaiter.UnsafeOnCompleted(() => continuation(state));
    }
}
