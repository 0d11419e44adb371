namespace Sprig.Scheduling;

/// <summary>A coroutine ended while it held a lock. What the lock guards may be half changed, so nobody gets it any more: those
/// that wait for it, and those that come later, get this error, and so does whoever looks at the coroutine's end.</summary>
public sealed class AbandonedLockException : InvalidOperationException
{
    internal AbandonedLockException(string lockName, Coroutine owner)
        : base($"{lockName} was still held by {owner} (spawned at {owner.SpawnedAt}) when that ended. Release it in a using or finally block.")
    {
        LockName = lockName;
        OwnerName = owner.Name;
    }

    private AbandonedLockException(AbandonedLockException first)
        : base(first.Message)
    {
        LockName = first.LockName;
        OwnerName = first.OwnerName;
    }

    /// <summary>The lock, as reports name it.</summary>
    public string LockName { get; }

    /// <summary>The name of the coroutine that ended.</summary>
    public string OwnerName { get; }

    /// <summary>For the next that wants the lock: each has a stack of its own.</summary>
    internal AbandonedLockException Again() => new(this);
}
