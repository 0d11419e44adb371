namespace Sprig.Synchronization;

/// <summary>A permit that was acquired: disposing gives it back. Dispose it once: a second time gives back one more.</summary>
public readonly struct SemaphoreLease : IDisposable
{
    private readonly AsyncSemaphore? _semaphore;

    internal SemaphoreLease(AsyncSemaphore semaphore) => _semaphore = semaphore;

    /// <summary>Gives the permit back.</summary>
    public void Dispose() => _semaphore?.Release();
}
