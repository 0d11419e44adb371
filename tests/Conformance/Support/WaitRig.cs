namespace Conformance.Support;

/// <summary>One kind of wait, made ready to be tested as all others are: waiting waits, until <see cref="Grant"/>.</summary>
/// <param name="Name">Of the wait.</param>
internal sealed record WaitRig(string Name)
{
    /// <summary>Waits without limit. What it got it keeps, or gives back at once, as is usual with it.</summary>
    internal required Func<CancellationToken, Task> Wait { get; init; }

    /// <summary>Waits with the timeout overload, where there is one: whether it came in time.</summary>
    internal Func<TimeSpan, Task<bool>>? Timed { get; init; }

    /// <summary>Gives what is waited for, at once: to one, or to all, as is usual with it.</summary>
    internal required Action Grant { get; init; }

    /// <summary>How many wait.</summary>
    internal required Func<int> Waiters { get; init; }

    /// <summary>Whether a grant can be taken back: not where it had its effect on another already.</summary>
    internal bool IsRevocable { get; init; } = true;

    /// <summary>Whether it is for locks, which are a coroutine's and not a flow's.</summary>
    internal bool IsOwned { get; init; }

    /// <summary>Whether it has a token.</summary>
    internal bool HasToken { get; init; } = true;

    /// <summary>Makes waiting necessary. Called by main before the first wait.</summary>
    internal Action Prepare { get; init; } = () => { };
}
