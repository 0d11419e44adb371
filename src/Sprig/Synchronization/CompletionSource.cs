using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>The form without a result of <see cref="CompletionSource{T}"/>: something that happens once, or fails.</summary>
/// <param name="name">For reports and errors; where it is made, unless given.</param>
/// <param name="file">Filled in by the compiler.</param>
/// <param name="line">Filled in by the compiler.</param>
/// <inheritdoc cref="CompletionSourceBase" path="/remarks"/>
public sealed class CompletionSource(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    : CompletionSourceBase(name, file, line)
{
    /// <inheritdoc cref="CompletionSource{T}.SetResult"/>
    public void SetResult()
    {
        if (!TrySetResult())
            throw CompletedAlready();
    }

    /// <inheritdoc cref="CompletionSource{T}.TrySetResult"/>
    public bool TrySetResult()
    {
        if (Open() is not { } scheduler)
            return false;
        Close(scheduler, Ending.Result);
        return true;
    }

    /// <inheritdoc cref="CompletionSource{T}.AddDoneCallback"/>
    public void AddDoneCallback(Action<CompletionSource> callback) => AddCallback(callback);

    /// <inheritdoc cref="CompletionSource{T}.RemoveDoneCallback"/>
    public bool RemoveDoneCallback(Action<CompletionSource> callback) => RemoveCallback(callback);

    /// <summary>Completes it as <paramref name="coroutine"/> ends, if nothing else has completed it before: with its failure
    /// (whoever looks at it here has looked at it there), or its kill as a cancellation.</summary>
    /// <param name="coroutine">One that has ended completes it now.</param>
    /// <exception cref="InvalidOperationException">The coroutine, or this, belongs to another scheduler.</exception>
    public void CompleteFrom(Coroutine coroutine) => Link(coroutine);

    private protected override void TakeResult(CoroutineScheduler scheduler, Coroutine coroutine) => Close(scheduler, Ending.Result);

    private protected override void Call(Delegate callback) => ((Action<CompletionSource>)callback)(this);
}
