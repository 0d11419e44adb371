namespace Sprig.Scheduling;

/// <summary>Waiting that can never end. Either nothing can go on at all: thrown in the main coroutine's wait. Or coroutines wait
/// in a circle for locks that they hold themselves: thrown in the wait that would close it, though others still run; one that
/// joins itself is a circle of one.</summary>
public sealed class DeadlockException : InvalidOperationException
{
    private DeadlockException(string message, IReadOnlyList<WaitDescription> waits)
        : base(message)
        => Waits = waits;

    /// <summary>Who waits on what, held by whom: all that wait, in spawn order; or the circle, from the one that closes it.</summary>
    public IReadOnlyList<WaitDescription> Waits { get; }

    /// <summary>Whether nothing at all could go on.</summary>
    internal bool IsOfAll { get; private init; }

    /// <summary>No timer, descriptor, foreign task or post can wake any of those that wait.</summary>
    internal static DeadlockException OfAll(IReadOnlyList<WaitDescription> waits)
        => new($"Deadlock: nothing is ready, and nothing can ever wake the waiting coroutines.{Lines(waits)}{Environment.NewLine}"
            + "If another thread is to wake one through Post, hold CoroutineScheduler.ExpectPosts() meanwhile.", waits)
        { IsOfAll = true };

    internal static DeadlockException OfCircle(IReadOnlyList<WaitDescription> waits)
        => new($"Deadlock: each of these waits for what the next one holds, and the last for what the first one holds.{Lines(waits)}{Environment.NewLine}"
            + "Take locks in one order everywhere, or wait for them with a time limit.", waits);

    /// <summary>A circle of one.</summary>
    /// <param name="coroutine">Who holds it, and wants it.</param>
    /// <param name="wanted">Named in the error.</param>
    /// <param name="cure">What to do instead: a sentence.</param>
    internal static DeadlockException OfItself(Coroutine coroutine, object wanted, string cure)
    {
        WaitDescription wait = WaitGraph.Describe(coroutine, wanted);
        return new($"Deadlock: {coroutine} holds {wanted} already, and would wait for itself. {cure}"
            + Lines([wait]), [wait]);
    }

    /// <summary>It joins itself.</summary>
    internal static DeadlockException OfOwnEnd(Coroutine coroutine)
    {
        WaitDescription wait = WaitGraph.Describe(coroutine, coroutine);
        return new($"Deadlock: {coroutine} would wait for its own end, which can't come while it waits. Let its body return.{Lines([wait])}", [wait]);
    }

    private static string Lines(IReadOnlyList<WaitDescription> waits)
        => string.Concat(waits.Select(wait => $"{Environment.NewLine}  {wait}"));
}
