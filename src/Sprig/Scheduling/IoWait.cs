using System.Diagnostics.CodeAnalysis;
using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>Waits of the running coroutine for a descriptor. The caller has seen EAGAIN and said so to the watcher.</summary>
internal static class IoWait
{
    /// <summary>Whether the watcher of an earlier wait still serves: not when there was none, nor when its run has ended and its
    /// reactor has let go of it. Then the caller watches anew.</summary>
    /// <exception cref="InvalidOperationException">It belongs to the running scheduler of another thread.</exception>
    internal static bool Serves([NotNullWhen(true)] FdWatcher? watcher, CoroutineScheduler scheduler)
    {
        if (watcher is null or { IsClosed: true })
            return false;
        return watcher.Reactor == scheduler.Reactor ? true
            : throw new InvalidOperationException($"{watcher.Device} belongs to the scheduler of another thread; use it there.");
    }

    /// <summary>Sleeps until reading may be worth trying.</summary>
    /// <param name="watcher">One reader at a time.</param>
    /// <param name="what">What is waited for; stands in reports.</param>
    /// <param name="token">Ends the wait from any thread.</param>
    internal static ValueTask UntilReadable(FdWatcher watcher, object what, CancellationToken token = default)
    {
        watcher.ThrowIfReaderUnfit();
        if (watcher.MayRead)
            return default;
        Completion wait = Completion.Begin(what);
        wait.HangOnReader(watcher);
        wait.HangOnToken(token);
        return new ValueTask(wait, wait.Version);
    }

    /// <summary>Sleeps until reading may be worth trying, or until <paramref name="due"/>; false when that came first.</summary>
    /// <inheritdoc cref="UntilReadable(FdWatcher, object, CancellationToken)"/>
    internal static ValueTask<bool> UntilReadable(FdWatcher watcher, object what, MonotonicTime due, CancellationToken token)
        => UntilReadable(watcher, what, due.Nanoseconds, token);

    /// <summary>The same, or until a moment: false when that came first.</summary>
    /// <param name="watcher">One reader at a time.</param>
    /// <param name="what">What is waited for; stands in reports.</param>
    /// <param name="due">On the loop's clock; <see cref="long.MaxValue"/>: never.</param>
    /// <param name="token">Ends the wait from any thread.</param>
    internal static ValueTask<bool> UntilReadable(FdWatcher watcher, object what, long due, CancellationToken token)
    {
        watcher.ThrowIfReaderUnfit();
        if (watcher.MayRead)
            return new ValueTask<bool>(true);
        Completion wait = Completion.Begin(what);
        wait.HangOnReader(watcher);
        wait.HangOnToken(token);
        if (due != long.MaxValue)
            wait.HangOnTime(due);
        return new ValueTask<bool>(wait, wait.Version);
    }

    /// <summary>Sleeps until writing may be worth trying.</summary>
    /// <inheritdoc cref="UntilReadable(FdWatcher, object, CancellationToken)"/>
    internal static ValueTask UntilWritable(FdWatcher watcher, object what, CancellationToken token = default)
    {
        watcher.ThrowIfWriterUnfit();
        if (watcher.MayWrite)
            return default;
        Completion wait = Completion.Begin(what);
        wait.HangOnWriter(watcher);
        wait.HangOnToken(token);
        return new ValueTask(wait, wait.Version);
    }

    /// <summary>Sleeps until a time, or until the token is cancelled.</summary>
    internal static ValueTask Until(MonotonicTime due, object what, CancellationToken token)
    {
        Completion wait = Completion.Begin(what);
        wait.HangOnTime(due.Nanoseconds);
        wait.HangOnToken(token);
        return new ValueTask(wait, wait.Version);
    }

    /// <summary>A turn through the ready ring, as a yield, for code that awaits without its context; throws a kill or a deadline.</summary>
    internal static ValueTask Turn()
    {
        Completion wait = Completion.Begin("its turn");
        wait.Defer();
        return new ValueTask(wait, wait.Version);
    }

    /// <summary>Asked before an operation that may complete at once: whether a kill or a deadline is to be delivered first, or
    /// the budget of the step is spent and others are to run. Then take a <see cref="Turn"/>.</summary>
    internal static bool MustPause(CoroutineScheduler scheduler) => scheduler.RunningOrThrow.HasInterrupt || !scheduler.TrySpend();
}
