using System.Runtime.CompilerServices;

#pragma warning disable CA1822 // The compiler calls all of them on an instance.

namespace Sprig.Scheduling;

/// <summary>Builds the async methods of Sprig's own that wait on behalf of a coroutine: with
/// <c>[AsyncMethodBuilder(typeof(LoopMethodBuilder&lt;&gt;))]</c>. Such a method ends in the step of the coroutine that
/// awaits it, without a post, and neither its waiting nor its end allocates.</summary>
/// <remarks>The class library's pooling builder resumes an awaiter that wants its context by a post, with a delegate made
/// for it (64 bytes, and another turn through the ready ring), and pools one box a thread and one a processor, though as
/// many coroutines as there are connections wait in the same method. Await inside without ConfigureAwait(false): then the
/// method ends where its awaiter wants to go on.</remarks>
internal struct LoopMethodBuilder<T>
{
    private LoopMethodBox<T>? _box;
    private T? _result;
    private Exception? _error;

    public readonly ValueTask<T> Task
        => _box is not null ? new ValueTask<T>(_box, _box.Version)
            : _error is null ? new ValueTask<T>(_result!)
            : ValueTask.FromException<T>(_error);

    /// <summary>For the form without a result.</summary>
    internal readonly ValueTask Void
        => _box is not null ? new ValueTask(_box, _box.Version)
            : _error is null ? default
            : ValueTask.FromException(_error);

    public static LoopMethodBuilder<T> Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(T result)
    {
        if (_box is null)
            _result = result;
        else
            _box.Complete(result, null);
    }

    public void SetException(Exception exception)
    {
        if (_box is null)
            _error = exception;
        else
            _box.Complete(default, exception);
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(Park(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Park(ref stateMachine));

    private Action Park<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_box is PooledMethodBox<T, TStateMachine> box)
            return box.Park();
        box = PooledMethodBox<T, TStateMachine>.Rent();
        // Before the copy, which holds this builder: the copy must know its box.
        _box = box;
        box.StateMachine = stateMachine;
        return box.Park();
    }
}
