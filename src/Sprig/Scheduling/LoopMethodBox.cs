using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Sprig.Scheduling;

/// <summary>A waiting async method of <see cref="LoopMethodBuilder{T}"/>, and the source of the ValueTask that it gave out.</summary>
/// <remarks>Usually all happens on the loop thread. A method that awaited something foreign where no scheduler runs may end
/// on another thread while its awaiter hangs itself on, so the two meet by one exchange.</remarks>
internal abstract class LoopMethodBox<T> : LoopMethodBox, IValueTaskSource<T>, IValueTaskSource
{
    private static readonly Action<object?> s_ended = static _ => { };
    private static readonly SendOrPostCallback s_resume = static self => ((LoopMethodBox<T>)self!).Invoke();
    private static readonly ContextCallback s_resumeFlow = static self => ((LoopMethodBox<T>)self!).Call();

    /// <summary>Who awaits it; <see cref="s_ended"/> when it ended before anybody did.</summary>
    private Action<object?>? _continuation;
    private object? _state;
    private SynchronizationContext? _context;
    private ExecutionContext? _flow;
    private T? _result;
    private Exception? _error;
    private volatile bool _isEnded;

    internal short Version { get; private set; }

    internal override object? Awaiter => _state;

    internal void Complete(T? result, Exception? error)
    {
        _result = result;
        _error = error;
        // With this exchange it has ended for all to see: its awaiter, on another thread, may take the result at once, and the box
        // may serve another method before this one returns. So nothing of it is touched afterwards.
        if (_continuation is null && Interlocked.CompareExchange(ref _continuation, s_ended, null) is null)
            return;
        _isEnded = true;
        if (_context is not null && _context != SynchronizationContext.Current)
        {
            _context.Post(s_resume, this);
            return;
        }

        // ConfigureAwait(false): without a context it stays on this thread all the way up; see Completion.ResumeBare.
        if (_context is null && SynchronizationContext.Current is LoopContext)
            SynchronizationContext.SetSynchronizationContext(null);
        Invoke();
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        CheckVersion(token);
        return !IsEnded ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckVersion(token);
        if (_continuation is not null && _continuation != s_ended)
            throw new InvalidOperationException("This ValueTask is awaited already; each may be awaited once.");
        _state = state;
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0)
            _context = SynchronizationContext.Current;
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
            _flow = ExecutionContext.Capture();
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is null)
            return;
        // It has ended in between. Never inline: the awaiter is not done with its own suspending.
        _isEnded = true;
        _continuation = continuation;
        if (_context is not null)
            _context.Post(s_resume, this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Invoke(), this, preferLocal: true);
    }

    public T GetResult(short token)
    {
        CheckVersion(token);
        if (!IsEnded)
            throw new InvalidOperationException("The method has not ended; await it (blocking on it would stop the loop that is to end it).");
        T result = _result!;
        Exception? error = _error;
        Version++;
        _continuation = null;
        _state = null;
        _context = null;
        _flow = null;
        _result = default;
        _error = null;
        _isEnded = false;
        Return();
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
        return result;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    private protected abstract void Return();

    private bool IsEnded => _isEnded || Volatile.Read(ref _continuation) == s_ended;

    private void Invoke()
    {
        if (_flow is null)
            Call();
        else
            ExecutionContext.Run(_flow, s_resumeFlow, this);
    }

    private void Call() => _continuation!(_state);

    private void CheckVersion(short token)
    {
        if (token != Version)
            throw new InvalidOperationException("This ValueTask was awaited before, and its method has ended; each may be awaited once.");
    }
}

/// <summary>What is known of it without its result's type.</summary>
internal abstract class LoopMethodBox
{
    /// <summary>What awaits it: the box of a builder, or a delegate to one.</summary>
    internal abstract object? Awaiter { get; }
}
