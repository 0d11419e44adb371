namespace Sprig.Synchronization;

/// <summary>A lock that was acquired: disposing releases it. Dispose of it once, as a <c>using</c> does; it can't tell a second time.</summary>
public readonly struct LockLease : IDisposable
{
    private readonly OwnedLock? _lock;

    internal LockLease(OwnedLock held) => _lock = held;

    /// <summary>Releases the lock.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold it (any more).</exception>
    public void Dispose() => _lock?.Release();
}
