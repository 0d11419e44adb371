namespace Sprig.Synchronization;

/// <summary>A permit that was acquired: disposing gives it back. Dispose of it once, as a <c>using</c> does; it can't tell a second time.</summary>
public readonly struct SemaphoreLease : IDisposable
{
    private readonly AsyncSemaphore? _semaphore;

    internal SemaphoreLease(AsyncSemaphore semaphore) => _semaphore = semaphore;

    /// <summary>Gives the permit back.</summary>
    public void Dispose() => _semaphore?.Release();
}
