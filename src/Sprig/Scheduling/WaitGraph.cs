using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <summary>Who waits for whom: from a coroutine to what it waits for, and on to those that hold it.</summary>
/// <remarks>Asked when a coroutine is about to wait for something that is held, so a circle is found as it closes. Only waits
/// that nothing else can end are edges: a circle with a timeout in it opens again by itself.</remarks>
internal static class WaitGraph
{
    /// <summary>No sound program nests so deep; what is beyond is left to the search for a total deadlock.</summary>
    private const int MostSteps = 10_000;

    /// <summary>Throws if <paramref name="waiter"/>, by waiting for this, would wait for itself.</summary>
    /// <param name="waiter">The running coroutine.</param>
    /// <param name="wanted">A lock, or the coroutine, or all of those, that it is about to join.</param>
    /// <param name="isShielded">Whether no deadline ends this wait.</param>
    internal static void ThrowIfCircle(Coroutine waiter, object wanted, bool isShielded = false)
    {
        if (!isShielded && waiter.InnermostDeadline is { CanPass: true })
            return;
        int steps = 0;
        List<WaitDescription>? circle = null;
        if (!LeadsTo(waiter, wanted, ref steps, ref circle))
            return;
        circle!.Add(Describe(waiter, wanted));
        circle.Reverse();
        // One of joins alone is no affair of the locks, and told when nothing else can go on.
        if (!circle.Exists(wait => wait.HeldBy is not null))
            return;
        waiter.Scheduler.Failures.ThrowDeadlock(DeadlockException.OfCircle(circle));
    }

    internal static WaitDescription Describe(Coroutine waiter, object? wanted)
        => new(waiter.Name, wanted is null ? "its turn" : wanted.ToString()!, waiter.SpawnedAt, HeldBy(wanted));

    private static bool LeadsTo(Coroutine goal, object wanted, ref int steps, ref List<WaitDescription>? path)
    {
        if (wanted is Coroutine joined)
            return PassesThrough(goal, joined, ref steps, ref path);
        if (wanted is Joining { IsForAll: true } joining)
        {
            foreach (Coroutine each in joining.Alive())
            {
                if (PassesThrough(goal, each, ref steps, ref path))
                    return true;
            }
        }

        for (Hold? hold = (wanted as IOwned)?.FirstHold; hold is not null; hold = hold.NextOfLock)
        {
            if (PassesThrough(goal, hold.Owner!, ref steps, ref path))
                return true;
        }

        return false;
    }

    private static bool PassesThrough(Coroutine goal, Coroutine holder, ref int steps, ref List<WaitDescription>? path)
    {
        if (holder == goal)
        {
            path = [];
            return true;
        }

        if (++steps > MostSteps || !RuntimeHelpers.TryEnsureSufficientExecutionStack()
            || holder.SureBlocker is not { } next || !LeadsTo(goal, next, ref steps, ref path))
            return false;
        path!.Add(Describe(holder, next));
        return true;
    }

    private static string? HeldBy(object? wanted)
    {
        if (wanted is not IOwned { FirstHold: { } first })
            return null;
        List<string> names = [];
        for (Hold? hold = first; hold is not null; hold = hold.NextOfLock)
            names.Add($"'{hold.Owner!.Name}'");
        return string.Join(", ", names);
    }
}
