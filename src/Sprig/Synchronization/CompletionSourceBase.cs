using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>What <see cref="CompletionSource"/> and <see cref="CompletionSource{T}"/> have in common: it is completed once, by
/// whoever holds it, and any number of coroutines wait for that.</summary>
/// <remarks>Loop thread only; it belongs to the run in which it was made, or first used. Other threads complete it through
/// that run's <see cref="CoroutineScheduler.Post"/>. A failure that nobody ever looks at is reported once, as a coroutine's
/// is, and comes with the run's result unless a daemon set it.</remarks>
public abstract partial class CompletionSourceBase : IEnding
{
    private readonly Label _label;
    private Home _home;
    private Ending _ending;

    /// <summary>Why there is no result, with the stack that it had when it was set.</summary>
    private ExceptionDispatchInfo? _error;
    private FailureRecord.Sentinel? _unseen;

    private protected CompletionSourceBase(string? name, string file, int line)
    {
        _label = new Label("CompletionSource", name, file, line);
        // Now, so that a thread that completes it before anybody has waited is told so.
        _home.Check(this);
    }

    private protected enum Ending : byte
    {
        None,
        Result,
        Failure,
        Cancellation,
    }

    /// <summary>Its name in reports; where it was made, unless it was given one.</summary>
    public string Name => _label.Name;

    /// <summary>File and line of the code that made it.</summary>
    public string MadeAt => _label.Site;

    /// <summary>Whether it was completed: with a result, a failure or a cancellation.</summary>
    public bool IsCompleted => _ending != Ending.None;

    /// <summary>Whether it was completed with a failure.</summary>
    public bool IsFaulted => _ending == Ending.Failure;

    /// <summary>Whether it was cancelled: neither result nor failure.</summary>
    public bool IsCanceled => _ending == Ending.Cancellation;

    /// <summary>The failure; null where there is none. Reading it counts as looking at it.</summary>
    public Exception? Exception
    {
        get
        {
            Look();
            return IsFaulted ? _error!.SourceException : null;
        }
    }

    bool IEnding.HasEnded => IsCompleted;

    /// <summary>Completes it with a failure, which every await of it throws: this very exception, with the stack it has now.</summary>
    /// <exception cref="InvalidOperationException">It is completed already, or this is not its scheduler's thread.</exception>
    public void SetException(Exception exception)
    {
        if (!TrySetException(exception))
            throw CompletedAlready();
    }

    /// <summary>As <see cref="SetException"/>, but false, and nothing done, when it is completed already.</summary>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread.</exception>
    public bool TrySetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (Open() is not { } scheduler)
            return false;
        _unseen = scheduler.Failures.Add($"{this} (made at {MadeAt})", Name, MadeAt, exception, cause: scheduler.Running);
        Fail(scheduler, exception);
        return true;
    }

    /// <summary>Cancels it: every await of it throws <see cref="OperationCanceledException"/>, and nothing is reported.</summary>
    /// <param name="cancellationToken">Stands in that exception.</param>
    /// <exception cref="InvalidOperationException">It is completed already, or this is not its scheduler's thread.</exception>
    public void SetCanceled(CancellationToken cancellationToken = default)
    {
        if (!TrySetCanceled(cancellationToken))
            throw CompletedAlready();
    }

    /// <summary>As <see cref="SetCanceled"/>, but false, and nothing done, when it is completed already.</summary>
    /// <param name="cancellationToken">Stands in the exception that awaits of it throw.</param>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread.</exception>
    public bool TrySetCanceled(CancellationToken cancellationToken = default)
    {
        if (Open() is not { } scheduler)
            return false;
        Cancel(scheduler, new OperationCanceledException($"{this} was cancelled.", cancellationToken));
        return true;
    }

    /// <summary>"CompletionSource 'name'", or where it was made.</summary>
    public override string ToString() => _label.ToString();

    private protected InvalidOperationException CompletedAlready()
        => new($"{this} is completed already; it can be once. Where several may complete it, use the Try form.");

    /// <summary>Returns when there is a result, else throws why there is none.</summary>
    internal void ThrowIfNoResult()
    {
        if (_ending == Ending.Result)
            return;
        if (_ending == Ending.None)
            throw new InvalidOperationException($"{this} has no result yet; await it.");
        Look();
        _error!.Throw();
    }

    /// <summary>Completes it as a linked coroutine has ended, unless it is completed already: then the coroutine keeps its failure.</summary>
    internal void TakeEnd(Coroutine coroutine)
    {
        if (Open() is not { } scheduler)
            return;
        switch (coroutine.State)
        {
            case CoroutineState.Completed:
                TakeResult(scheduler, coroutine);
                break;
            case CoroutineState.Killed:
                Cancel(scheduler, coroutine.KilledException());
                break;
            default:
                // Held by both: who looks at one has looked at the other, and the report names the coroutine.
                _unseen = coroutine.ExtrasOrNull!.FailureSentinel;
                Fail(scheduler, coroutine.FailureRecord!.Exception);
                break;
        }
    }

    private protected abstract void TakeResult(CoroutineScheduler scheduler, Coroutine coroutine);

    private void Fail(CoroutineScheduler scheduler, Exception exception)
    {
        _error = ExceptionDispatchInfo.Capture(exception);
        Close(scheduler, Ending.Failure);
    }

    private void Cancel(CoroutineScheduler scheduler, OperationCanceledException why)
    {
        _error = ExceptionDispatchInfo.Capture(why);
        Close(scheduler, Ending.Cancellation);
    }

    private void Look()
    {
        _unseen?.Dispose();
        _unseen = null;
    }
}
