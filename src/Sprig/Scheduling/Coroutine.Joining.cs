using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <content>Waiting for the ends of several, and killing them. All of these take the ended as well as the living.</content>
public partial class Coroutine
{
    /// <summary>Waits until all have ended; false when <paramref name="timeout"/> was over first.</summary>
    /// <param name="coroutines">One that is named twice counts once.</param>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <param name="raiseError">Throw the earliest failure as soon as it has happened.</param>
    /// <exception cref="InvalidOperationException">One belongs to another scheduler.</exception>
    public static Task<bool> JoinAll(IEnumerable<Coroutine> coroutines, TimeSpan? timeout = null, bool raiseError = false)
    {
        long due = DueAfterOrNever(timeout);
        Joining joining = new(Joining.Check(coroutines));
        return raiseError ? joining.WaitOrRaiseAsync(due) : joining.WaitAsync(due);
    }

    /// <summary>Waits until all have ended.</summary>
    /// <param name="coroutines">One that is named twice counts once.</param>
    public static Task<bool> JoinAll(params Coroutine[] coroutines) => JoinAll((IEnumerable<Coroutine>)coroutines);

    /// <summary>Waits until one has ended, however it did, and gives the one that did first; null when <paramref name="timeout"/>
    /// was over before, or there are none. Never throws their errors.</summary>
    /// <param name="coroutines">Of those that have ended already, the one that ended first is given at once.</param>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread; the coroutines go on.</param>
    /// <exception cref="InvalidOperationException">One belongs to another scheduler.</exception>
    public static Task<Coroutine?> WaitAny(IEnumerable<Coroutine> coroutines, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => FirstOf<Coroutine>(Joining.Check(coroutines), DueAfterOrNever(timeout), cancellationToken);

    /// <typeparam name="T">The type of their results.</typeparam>
    /// <inheritdoc cref="WaitAny(IEnumerable{Coroutine}, TimeSpan?, CancellationToken)"/>
    public static Task<Coroutine<T>?> WaitAny<T>(IEnumerable<Coroutine<T>> coroutines, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => FirstOf<Coroutine<T>>(Joining.Check(coroutines), DueAfterOrNever(timeout), cancellationToken);

    /// <summary>Waits until all, or <paramref name="count"/> of them, have ended, however they did, and gives those in the order
    /// of their ends; fewer when <paramref name="timeout"/> was over before. Never throws their errors: gevent.wait.</summary>
    /// <param name="coroutines">One that is named twice counts once.</param>
    /// <param name="count">How many ends are enough; more than there are coroutines: all.</param>
    /// <param name="timeout">How long to wait, from now; without end unless given.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread; the coroutines go on.</param>
    /// <exception cref="InvalidOperationException">One belongs to another scheduler.</exception>
    public static Task<IReadOnlyList<Coroutine>> WaitAll(
        IEnumerable<Coroutine> coroutines, int? count = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => FirstFew<Coroutine>(Joining.Check(coroutines), CheckCount(count), DueAfterOrNever(timeout), cancellationToken);

    /// <typeparam name="T">The type of their results.</typeparam>
    /// <inheritdoc cref="WaitAll(IEnumerable{Coroutine}, int?, TimeSpan?, CancellationToken)"/>
    public static Task<IReadOnlyList<Coroutine<T>>> WaitAll<T>(
        IEnumerable<Coroutine<T>> coroutines, int? count = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => FirstFew<Coroutine<T>>(Joining.Check(coroutines), CheckCount(count), DueAfterOrNever(timeout), cancellationToken);

    /// <summary>Gives each when it has ended, however it did, in the order of their ends: <c>await foreach</c>. When
    /// <paramref name="timeout"/> is over the enumeration ends. Never throws their errors: gevent.iwait.</summary>
    /// <param name="coroutines">One that is named twice counts once.</param>
    /// <param name="timeout">How long to wait for all, from now; without end unless given.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>, from any thread.</param>
    /// <exception cref="InvalidOperationException">One belongs to another scheduler.</exception>
    public static IAsyncEnumerable<Coroutine> WaitEach(
        IEnumerable<Coroutine> coroutines, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => EachOf<Coroutine>([.. Joining.Check(coroutines)], DueAfterOrNever(timeout), cancellationToken);

    /// <typeparam name="T">The type of their results.</typeparam>
    /// <inheritdoc cref="WaitEach(IEnumerable{Coroutine}, TimeSpan?, CancellationToken)"/>
    public static IAsyncEnumerable<Coroutine<T>> WaitEach<T>(
        IEnumerable<Coroutine<T>> coroutines, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => EachOf<Coroutine<T>>([.. Joining.Check(coroutines)], DueAfterOrNever(timeout), cancellationToken);

    /// <summary>Kills all, then waits until they have ended; true when all have, within <paramref name="timeout"/>.</summary>
    /// <param name="coroutines">Ended ones are left as they are.</param>
    /// <param name="grace">As in <see cref="Kill"/>.</param>
    /// <param name="timeout">How long to wait; without end unless given.</param>
    /// <exception cref="InvalidOperationException">One belongs to another scheduler; none is killed.</exception>
    public static Task<bool> KillAll(IEnumerable<Coroutine> coroutines, TimeSpan? grace = null, TimeSpan? timeout = null)
    {
        long due = DueAfterOrNever(timeout);
        // A kill may end one at once, and take it out of the caller's collection.
        Coroutine[] each = [.. Joining.Check(coroutines)];
        foreach (Coroutine coroutine in each)
            coroutine.Kill(grace);
        return new Joining(each).WaitAsync(due);
    }

    private static async Task<TCoroutine?> FirstOf<TCoroutine>(ICollection<Coroutine> coroutines, long due, CancellationToken cancellationToken)
        where TCoroutine : Coroutine
    {
        using Joining joining = new(coroutines);
        joining.Listen();
        await joining.WaitForAsync(1, due, cancellationToken);
        return joining.Ended is [TCoroutine first, ..] ? first : null;
    }

    private static async Task<IReadOnlyList<TCoroutine>> FirstFew<TCoroutine>(
        ICollection<Coroutine> coroutines, int count, long due, CancellationToken cancellationToken)
        where TCoroutine : Coroutine
    {
        using Joining joining = new(coroutines);
        joining.Listen();
        await joining.WaitForAsync(count, due, cancellationToken);
        return [.. joining.Ended.Take(count).Cast<TCoroutine>()];
    }

    private static async IAsyncEnumerable<TCoroutine> EachOf<TCoroutine>(
        Coroutine[] coroutines, long due, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TCoroutine : Coroutine
    {
        using Joining joining = new(coroutines);
        joining.Listen();
        for (int i = 0; i < joining.Total; i++)
        {
            await joining.WaitForAsync(i + 1, due, cancellationToken);
            if (joining.Ended.Count <= i)
                yield break;
            yield return (TCoroutine)joining.Ended[i];
        }
    }

    private static long DueAfterOrNever(TimeSpan? timeout) => timeout is { } span ? MonotonicTime.DueAfter(span, nameof(timeout)) : long.MaxValue;

    private static int CheckCount(int? count)
    {
        if (count is { } given)
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(count));
        return count ?? int.MaxValue;
    }
}
