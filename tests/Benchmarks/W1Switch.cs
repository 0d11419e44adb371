using System.Diagnostics;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>W1: two coroutines yield in turn; what one switch costs.</summary>
internal static class W1Switch
{
    private const int Switches = 20_000_000;
    private const int WarmUpSwitches = 1_000_000;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    internal static Measurement OnSprig() => CoroutineScheduler.Run(async () =>
    {
        static async Task Round(int switches)
        {
            Coroutine one = Coroutine.Spawn(() => YieldOften(switches / 2));
            Coroutine two = Coroutine.Spawn(() => YieldOften(switches / 2));
            await one;
            await two;
        }

        return await MeasureAsync(Workload.Sprig, Round, GC.GetAllocatedBytesForCurrentThread);
    });

    internal static Measurement OnDefault()
    {
        static Task Round(int switches)
            => Task.WhenAll(Task.Run(() => YieldTasksOften(switches / 2)), Task.Run(() => YieldTasksOften(switches / 2)));

        return Task.Run(() => MeasureAsync(Workload.Default, Round, () => GC.GetTotalAllocatedBytes())).GetAwaiter().GetResult();
    }

    private static async Task<Measurement> MeasureAsync(string side, Func<int, Task> round, Func<long> allocated)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_warmUp)
            await round(WarmUpSwitches);
        long before = allocated();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        start = Stopwatch.GetTimestamp();
        await round(Switches);
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        // The round itself: two coroutines and what they take to start and end.
        long bytes = allocated() - before;
        return new Measurement("w1", side, Switches, nanoseconds / Switches,
            Measurement.Detail("cpu_ns", cpu.TotalNanoseconds / Switches),
            Measurement.Detail("bytes", bytes),
            Measurement.Detail("bytes_per_switch", Math.Round((double)bytes / Switches, 2)));
    }

    private static async Task YieldOften(int times)
    {
        for (int i = 0; i < times; i++)
            await Coroutine.Yield();
    }

    private static async Task YieldTasksOften(int times)
    {
        for (int i = 0; i < times; i++)
            await Task.Yield();
    }
}
