using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>A time limit around a block of the running coroutine: gevent's Timeout. When it has passed, the block's present
/// wait, or else its next one, throws; once. Deadlines nest, and each is told from the others.</summary>
/// <remarks>It belongs to the coroutine, whose flow it follows: flows that run side by side in one coroutine (a WhenAll) share
/// its deadlines; spawn a coroutine for each instead. An await of a foreign task is cut only by the <see cref="Token"/>.</remarks>
/// <example><code>
/// using (Deadline.After(TimeSpan.FromSeconds(1)))
///     line = await reader.ReadLineAsync();         // throws DeadlineExceededException
///
/// bool inTime = await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => ...);    // goes on after the block
/// </code></example>
public sealed partial class Deadline : IDisposable
{
    private readonly Coroutine _coroutine;
    private readonly DeadlineTimer _timer;
    private bool _left;

    private Deadline(TimeSpan length)
    {
        long due = MonotonicTime.DueAfter(length, nameof(length));
        Length = length;
        _coroutine = Coroutine.Current;
        _timer = new DeadlineTimer(this);
        if (due != long.MaxValue)
            _coroutine.Scheduler.Timers.Add(_timer, due);
        Outer = _coroutine.InnermostDeadline;
        _coroutine.Extras.InnermostDeadline = this;
    }

    /// <summary>The time it was set to.</summary>
    public TimeSpan Length { get; }

    /// <summary>Whether it has passed while its block was running.</summary>
    public bool HasPassed { get; private set; }

    /// <summary>The deadline around this one, in the same coroutine.</summary>
    public Deadline? Outer { get; private set; }

    /// <summary>Whether it, or one around it, has a time that is still to come.</summary>
    internal bool CanPass => _timer.IsTimed || Outer is { CanPass: true };

    /// <summary>Passed, and no wait has thrown it yet.</summary>
    internal bool IsPending { get; set; }

    /// <summary>Sets a deadline for the running coroutine, from now until it is disposed.</summary>
    /// <param name="length">From now, by the clock as it is; <see cref="Timeout.InfiniteTimeSpan"/>: never.</param>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public static Deadline After(TimeSpan length) => new(length);

    /// <summary>Runs a block under a deadline that throws <see cref="DeadlineExceededException"/> out of it.</summary>
    public static async Task RunAsync(TimeSpan length, Func<Task> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        using (After(length))
            await block();
    }

    /// <summary>Runs a block under a silent deadline: it aborts the block, and the caller goes on. False when it did.</summary>
    public static async Task<bool> TryRunAsync(TimeSpan length, Func<Task> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        using Deadline deadline = After(length);
        try
        {
            await block();
            return true;
        }
#pragma warning disable CA1031 // Only its own.
        catch (Exception e) when (deadline.Caused(e))
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>As if its time were over now: with <see cref="Timeout.InfiniteTimeSpan"/> it is a scope to be cancelled by hand, from
    /// whatever coroutine of the loop. Without effect when it has passed, or its block was left.</summary>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread.</exception>
    public void Expire()
    {
        ThrowIfOffLoop("expired; let its scheduler do it: scheduler.Post(deadline.Expire)");
        if (_left || HasPassed)
            return;
        _coroutine.Scheduler.Timers.Remove(_timer);
        OnDue();
    }

    /// <summary>Leaves the block: the deadline is void, even when it has passed and no wait has thrown it.</summary>
    /// <exception cref="InvalidOperationException">This is not its scheduler's thread.</exception>
    public void Dispose()
    {
        if (_left)
            return;
        ThrowIfOffLoop("left; after ConfigureAwait(false) on a foreign task a coroutine may have left its thread");
        _left = true;
        _coroutine.Scheduler.Timers.Remove(_timer);
        // Usually the innermost; where flows of one coroutine interleave, one in the middle of the chain.
        if (_coroutine.InnermostDeadline == this)
            _coroutine.Extras.InnermostDeadline = Outer;
        else
            Unlink();
        if (IsPending)
        {
            IsPending = false;
            _coroutine.OnDeadlineLeft();
        }

        TakeTokenBack();
    }

    internal bool Encloses(Deadline? scope)
    {
        while (scope is not null && scope != this)
            scope = scope.Outer;
        return scope is not null;
    }

    private void ThrowIfOffLoop(string what)
    {
        if (!_coroutine.Scheduler.IsOnLoopThread)
            throw new InvalidOperationException($"A deadline of {_coroutine} can't, on thread {Environment.CurrentManagedThreadId}, be {what}.");
    }

    private void Unlink()
    {
        for (Deadline? deadline = _coroutine.InnermostDeadline; deadline is not null; deadline = deadline.Outer)
        {
            if (deadline.Outer == this)
                deadline.Outer = Outer;
        }
    }

    private void OnDue()
    {
        HasPassed = true;
        _coroutine.OnDeadline(this);
        try
        {
            _token?.Cancel();
        }
        catch (AggregateException e)
        {
            // Foreign registrations; this is called by the timers, and must not end the loop.
            _coroutine.Scheduler.Failures.ReportCallback(_coroutine, e);
        }
    }

    private sealed class DeadlineTimer(Deadline deadline) : Waiter
    {
        internal override void OnDue() => deadline.OnDue();
    }
}
