namespace Sprig.Synchronization;

/// <summary>An <see cref="AsyncReaderWriterLock"/> that was acquired, for reading or for writing: disposing releases it. Dispose of it
/// once, as a <c>using</c> does; it can't tell a second time.</summary>
public readonly struct ReaderWriterLease : IDisposable
{
    private readonly AsyncReaderWriterLock? _lock;

    internal ReaderWriterLease(AsyncReaderWriterLock held, bool isWrite)
    {
        _lock = held;
        IsWrite = isWrite;
    }

    /// <summary>Whether it was acquired for writing.</summary>
    public bool IsWrite { get; }

    /// <summary>Releases it.</summary>
    /// <exception cref="SynchronizationLockException">The running coroutine does not hold it (any more).</exception>
    public void Dispose()
    {
        if (_lock is null)
            return;
        if (IsWrite)
            _lock.ReleaseWrite();
        else
            _lock.ReleaseRead();
    }
}
