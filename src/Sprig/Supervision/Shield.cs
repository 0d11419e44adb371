using System.Runtime.ExceptionServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Lets a block end in peace, though its caller is killed or out of time: the last words of a protocol, a file to be
/// written whole.</summary>
public static class Shield
{
    /// <summary>Runs a block in a coroutine of its own and waits for it. A kill of the caller, or a deadline around it, does not
    /// reach the block; the caller goes on with it when the block has ended, which is killed when <paramref name="grace"/> is over.</summary>
    /// <param name="block">Being a coroutine of its own, it holds none of the caller's locks and has none of its deadlines.</param>
    /// <param name="grace">How long the block may go on after the caller was interrupted, but not longer than the grace time of the
    /// kill itself. <see cref="Timeout.InfiniteTimeSpan"/>: only that.</param>
    /// <exception cref="CoroutineKilledException">The caller was killed meanwhile, or the block's coroutine was, by somebody.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the call has passed meanwhile.</exception>
    public static Task RunAsync(Func<Task> block, TimeSpan grace)
    {
        CheckGrace(grace);
        return RunAsync(Coroutine.Spawn(block, Named()), grace);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>What the block returned.</returns>
    /// <inheritdoc cref="RunAsync(Func{Task}, TimeSpan)"/>
    public static async Task<T> RunAsync<T>(Func<Task<T>> block, TimeSpan grace)
    {
        CheckGrace(grace);
        Coroutine<T> inner = Coroutine.Spawn(block, Named());
        await RunAsync(inner, grace);
        return inner.Result;
    }

    private static async Task RunAsync(Coroutine inner, TimeSpan grace)
    {
        Interruption interruption = new(Coroutine.Current);
        await interruption.OutliveAsync(inner, grace);
        // An error of the block is more than the interruption.
        if (inner.Exception is { } error)
            ExceptionDispatchInfo.Throw(error);
        interruption.Throw();
        await inner;
    }

    private static SpawnOptions Named() => new() { Name = $"{Coroutine.Current.Name} (shielded)" };

    private static void CheckGrace(TimeSpan grace)
    {
        if (grace != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
    }
}
