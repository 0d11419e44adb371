using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>What <c>await coroutine</c> uses.</summary>
public readonly struct CoroutineAwaiter : ICriticalNotifyCompletion
{
    private readonly Coroutine _coroutine;
    private readonly Completion? _wait;
    private readonly short _version;

    internal CoroutineAwaiter(Coroutine coroutine, Completion? wait)
    {
        _coroutine = coroutine;
        _wait = wait;
        _version = wait?.Version ?? 0;
    }

    /// <summary>Whether there is nothing to wait for.</summary>
    public bool IsCompleted => _wait is null || _wait.IsFinished;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _wait!.OnCompleted(continuation, null, _version);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _wait!.OnCompleted(continuation, null, _version);

    /// <summary>Returns, or throws why the coroutine did not complete.</summary>
    public void GetResult()
    {
        _wait?.GetResult(_version);
        _coroutine.ThrowIfNotCompleted();
    }
}

/// <summary>What <c>await coroutine</c> uses when it gives a result.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public readonly struct CoroutineAwaiter<T> : ICriticalNotifyCompletion
{
    private readonly CoroutineAwaiter _inner;
    private readonly Coroutine<T> _coroutine;

    internal CoroutineAwaiter(Coroutine<T> coroutine, Completion? wait)
    {
        _coroutine = coroutine;
        _inner = new CoroutineAwaiter(coroutine, wait);
    }

    /// <inheritdoc cref="CoroutineAwaiter.IsCompleted"/>
    public bool IsCompleted => _inner.IsCompleted;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _inner.OnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _inner.UnsafeOnCompleted(continuation);

    /// <summary>The result, or throws why there is none.</summary>
    public T GetResult()
    {
        _inner.GetResult();
        return _coroutine.Result;
    }
}
