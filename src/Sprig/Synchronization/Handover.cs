using System.Threading.Tasks.Sources;
using Sprig.Scheduling;

namespace Sprig.Synchronization;

/// <summary>The place where a waiting coroutine is handed what it waits for: a wait that gives a value. Pooled by the primitive
/// that makes it, so that waiting does not allocate.</summary>
internal abstract class Handover<T> : IValueTaskSource<T>, IValueTaskSource
{
    private Completion? _wait;

    /// <summary>Of this place, not of the wait: the next one here may be another, with the same number.</summary>
    private short _version;

    /// <summary>What it gets.</summary>
    internal T? Item { get; set; }

    /// <summary>The next in its pool.</summary>
    internal Handover<T>? NextInPool { get; set; }

    /// <summary>What it was granted has had its effect; see <see cref="Completion.Settle"/>.</summary>
    internal void Settle() => _wait!.Settle();

    internal void Attach(Completion wait)
    {
        _wait = wait;
        wait.Cargo = this;
    }

    internal ValueTask<T> AsValue() => new(this, _version);

    internal ValueTask AsVoid() => new(this, _version);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Completion wait = WaitOf(token);
        return wait.GetStatus(wait.Version);
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Completion wait = WaitOf(token);
        wait.OnCompleted(continuation, state, wait.Version, flags);
    }

    public T GetResult(short token)
    {
        Completion wait = WaitOf(token);
        wait.ThrowIfNotOver(wait.Version);
        try
        {
            return wait.GetResult(wait.Version) ? Item! : throw TimedOut();
        }
        finally
        {
            _wait = null;
            _version++;
            Item = default;
            Recycle();
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Where the wait has a time limit: what is thrown when it is over.</summary>
    private protected virtual Exception TimedOut() => new TimeoutException();

    private protected abstract void Recycle();

    private Completion WaitOf(short token) => token == _version && _wait is { } wait ? wait
        : throw new InvalidOperationException("This ValueTask was awaited before, and its wait is over; each may be awaited once.");
}
