namespace Sprig.Scheduling;

/// <content>What can't be switched to, and how that is said.</content>
internal sealed partial class Switchboard
{
    private const string SideBySide
        = "Flows that run side by side in one coroutine (a WhenAll) must not switch; spawn a coroutine for each.";

    /// <summary>Where the target waits for control, if it may have it; and where the caller will.</summary>
    private SwitchLanding FindGoal<TBack>(SymmetricCoroutine caller, SymmetricCoroutine target, out SwitchLanding<TBack> landing)
    {
        if (caller.Pending is not null)
            throw new InvalidOperationException($"{caller} waits in a switch already. {SideBySide}");
        if (!target.IsAlive)
            throw new InvalidOperationException($"{target} has ended and can't be switched to; make another.");
        if (target.Board != this)
            CheckReach(target);
        landing = caller.LandingFor<TBack>();
        // Itself: control goes nowhere, the value comes back.
        if (target == caller)
            return landing;
        return target.Pending
            ?? throw new InvalidOperationException(
                $"{target} can't be switched to: it has control, and waits for something other than a switch. {SideBySide}");
    }

    /// <summary>Outside of coroutines a suspended one may go from thread to thread.</summary>
    private bool Reaches(SymmetricCoroutine target)
        => target.Board is not { } other || other == this || (other.Owner is null && Owner is null);

    private void CheckReach(SymmetricCoroutine target)
    {
        if (target is SwitchRoot)
            throw new InvalidOperationException(
                $"{target}, which last switched to {Current}, was given up or is another thread's.");
        if (!Reaches(target))
        {
            throw new InvalidOperationException($"{target} belongs to {Place(target.Board!)}, which first switched to it, and "
                + $"can't be switched to in {Place(this)}. Use it in one coroutine, and hand its values on by a queue.");
        }

        // Now, rather than when it ends.
        if (target.Parent is { } parent && !Reaches(parent))
        {
            throw new InvalidOperationException($"{parent}, the parent of {target}, belongs to {Place(parent.Board!)}, and can't "
                + $"be switched to in {Place(this)} when {target} ends. Set its Parent to null, for the root of {Place(this)}.");
        }
    }

    private InvalidOperationException NotRunning(SymmetricCoroutine caller)
        => new($"{caller} does not run here, {Current} does: only its own body can switch back, and only in the coroutine that "
            + $"it belongs to (a ConfigureAwait(false) takes it out). {SideBySide}");

    /// <summary>What has control waits, and nothing will bring it back to this thread. It is given up, with this board.</summary>
    private InvalidOperationException RefuseWait()
    {
        t_outside = null;
        return new InvalidOperationException($"{Current} waits for something other than a switch, and outside of coroutines "
            + "nothing brings it back to this thread. Run it in a coroutine: CoroutineScheduler.Run starts the first.");
    }

    private static InvalidOperationException Misfit<T>(SymmetricCoroutine from, T value, SwitchLanding goal)
        => new($"{from} can't hand {value?.GetType().Name ?? "null"} to {goal.Owner}, which waits for {goal.TypeName}"
            + $"{(from.IsAlive ? "" : $"; {from} has ended, and the other is its parent")}.");

    private static string Place(Switchboard board)
        => board.Owner is not { } owner ? "the code outside of coroutines"
            : owner.IsAlive ? owner.ToString()
            : $"{owner}, which has ended";
}
