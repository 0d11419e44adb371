namespace Sprig.Scheduling;

/// <summary>Nothing can ever go on: coroutines wait, and no timer, descriptor, foreign task or post can wake them. Thrown
/// in the main coroutine's wait.</summary>
public sealed class DeadlockException : InvalidOperationException
{
    internal DeadlockException(IReadOnlyList<WaitDescription> waits)
        : base("Deadlock: nothing is ready, and nothing can ever wake the waiting coroutines."
              + string.Concat(waits.Select(wait => $"{Environment.NewLine}  {wait}"))
              + $"{Environment.NewLine}If another thread is to wake one through Post, hold CoroutineScheduler.ExpectPosts() meanwhile.")
        => Waits = waits;

    /// <summary>Who waits on what, in spawn order.</summary>
    public IReadOnlyList<WaitDescription> Waits { get; }
}
