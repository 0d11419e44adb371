using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>What <c>await source</c> uses.</summary>
public readonly struct CompletionSourceAwaiter : ICriticalNotifyCompletion
{
    private readonly CompletionSourceBase _source;
    private readonly Completion? _wait;
    private readonly short _version;

    internal CompletionSourceAwaiter(CompletionSourceBase source, Completion? wait)
    {
        _source = source;
        _wait = wait;
        _version = wait?.Version ?? 0;
    }

    /// <summary>Whether there is nothing to wait for.</summary>
    public bool IsCompleted => _wait is null || _wait.IsFinished;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _wait!.OnCompleted(continuation, null, _version);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _wait!.OnCompleted(continuation, null, _version);

    /// <summary>Returns, or throws why there is no result.</summary>
    public void GetResult()
    {
        _wait?.GetResult(_version);
        _source.ThrowIfNoResult();
    }
}

/// <summary>What <c>await source</c> uses when it gives a result.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public readonly struct CompletionSourceAwaiter<T> : ICriticalNotifyCompletion
{
    private readonly CompletionSourceAwaiter _inner;
    private readonly CompletionSource<T> _source;

    internal CompletionSourceAwaiter(CompletionSource<T> source, Completion? wait)
    {
        _source = source;
        _inner = new CompletionSourceAwaiter(source, wait);
    }

    /// <inheritdoc cref="CompletionSourceAwaiter.IsCompleted"/>
    public bool IsCompleted => _inner.IsCompleted;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _inner.OnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _inner.UnsafeOnCompleted(continuation);

    /// <summary>The result, or throws why there is none.</summary>
    public T GetResult()
    {
        _inner.GetResult();
        return _source.Result;
    }
}
