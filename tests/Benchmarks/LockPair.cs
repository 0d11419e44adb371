using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Benchmarks;

/// <summary>A lock that nobody else wants, acquired and released; what the pair costs.</summary>
internal static class LockPair
{
    private static readonly SteadyState s_state = new("lock", 20_000_000, 1_000_000);

    internal static Measurement OnSprig() => CoroutineScheduler.Run(() => s_state.OnSprigAsync(async pairs =>
    {
        AsyncLock free = new();
        for (int i = 0; i < pairs; i++)
        {
            using (await free.AcquireAsync())
            {
            }
        }
    }));

    internal static Measurement OnDefault() => Task.Run(() => s_state.OnDefaultAsync(async pairs =>
    {
        using SemaphoreSlim free = new(1, 1);
        for (int i = 0; i < pairs; i++)
        {
            await free.WaitAsync();
            free.Release();
        }
    })).GetAwaiter().GetResult();
}
