using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>The memory side of W2: how the process grows while 100,000 sleep.</summary>
internal static class W2Memory
{
    private const int Many = 100_000;
    private const int First = 100;
    private static readonly TimeSpan s_sleep = TimeSpan.FromSeconds(3);

    internal static Measurement OnSprig() => CoroutineScheduler.Run(async () =>
    {
        // The first ones pay for the code.
        for (int i = 0; i < First; i++)
            await Coroutine.Spawn(static async () => await Coroutine.Sleep(TimeSpan.FromTicks(1)));
        long before = ResidentBytes();
        for (int i = 0; i < Many; i++)
            _ = Coroutine.Spawn(static async () => await Coroutine.Sleep(s_sleep));
        await Coroutine.Sleep(s_sleep / 2);
        return Report(Workload.Sprig, ResidentBytes() - before);
    });

    internal static Measurement OnDefault()
    {
        static async Task<Measurement> RunAsync()
        {
            for (int i = 0; i < First; i++)
                await Task.Run(static async () => await Task.Delay(1));
            long before = ResidentBytes();
            List<Task> all = new(Many);
            for (int i = 0; i < Many; i++)
                all.Add(Task.Run(static async () => await Task.Delay(s_sleep)));
            await Task.Delay(s_sleep / 2);
            long after = ResidentBytes();
            await Task.WhenAll(all);
            return Report(Workload.Default, after - before);
        }

        return RunAsync().GetAwaiter().GetResult();
    }

    private static Measurement Report(string side, long growth)
        => new("memory", side, Many, (double)growth / Many, Measurement.Detail("heap_bytes", GC.GetGCMemoryInfo().HeapSizeBytes));

    private static long ResidentBytes() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
}
