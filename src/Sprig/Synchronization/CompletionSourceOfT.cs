using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>A result that comes later, and is set by hand: gevent's AsyncResult, a promise. <c>await source</c> gives it, in
/// as many coroutines as like.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="name">For reports and errors; where it is made, unless given.</param>
/// <param name="file">Filled in by the compiler.</param>
/// <param name="line">Filled in by the compiler.</param>
/// <inheritdoc cref="CompletionSourceBase" path="/remarks"/>
public sealed class CompletionSource<T>(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    : CompletionSourceBase(name, file, line)
{
    private T? _result;

    /// <summary>The result, without waiting.</summary>
    /// <exception cref="InvalidOperationException">There is none yet: await it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public T Result
    {
        get
        {
            ThrowIfNoResult();
            return _result!;
        }
    }

    /// <summary>Completes it: all who wait for it go on, in the order they came.</summary>
    /// <exception cref="InvalidOperationException">It is completed already, or this is not its scheduler's thread.</exception>
    public void SetResult(T result)
    {
        if (!TrySetResult(result))
            throw CompletedAlready();
    }

    /// <summary>As <see cref="SetResult"/>, but false, and nothing done, when it is completed already.</summary>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread.</exception>
    public bool TrySetResult(T result)
    {
        if (Open() is not { } scheduler)
            return false;
        _result = result;
        Close(scheduler, Ending.Result);
        return true;
    }

    /// <inheritdoc cref="CompletionSourceBase.AddDoneCallback"/>
    public void AddDoneCallback(Action<CompletionSource<T>> callback) => AddCallback(callback);

    /// <summary>Takes back a callback that <see cref="AddDoneCallback"/> was given, the one added first of equal ones; false when
    /// there is none, or it is completed and the loop has it already.</summary>
    public bool RemoveDoneCallback(Action<CompletionSource<T>> callback) => RemoveCallback(callback);

    /// <summary>Completes it as <paramref name="coroutine"/> ends, if nothing else has completed it before: with its result, its
    /// failure (whoever looks at it here has looked at it there), or its kill as a cancellation.</summary>
    /// <param name="coroutine">One that has ended completes it now.</param>
    /// <exception cref="InvalidOperationException">The coroutine, or this, belongs to another scheduler.</exception>
    public void CompleteFrom(Coroutine<T> coroutine) => Link(coroutine);

    /// <summary>Waits for the result and gives it; throws the very exception that was set, or <see cref="OperationCanceledException"/>
    /// when it was cancelled.</summary>
    public new CompletionSourceAwaiter<T> GetAwaiter() => new(this, BeginWait());

    private protected override void TakeResult(CoroutineScheduler scheduler, Coroutine coroutine)
    {
        _result = ((Coroutine<T>)coroutine).Result;
        Close(scheduler, Ending.Result);
    }

    private protected override void Call(Delegate callback) => ((Action<CompletionSource<T>>)callback)(this);
}
