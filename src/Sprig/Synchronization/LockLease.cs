namespace Sprig.Synchronization;

/// <summary>A lock that was acquired: disposing releases it. Dispose it once; a second time is a release by one that does not hold it.</summary>
public readonly struct LockLease : IDisposable
{
    private readonly OwnedLock? _lock;

    internal LockLease(OwnedLock held) => _lock = held;

    /// <summary>Releases the lock.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold it (any more).</exception>
    public void Dispose() => _lock?.Release();
}
