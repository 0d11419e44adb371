using System.Diagnostics;

namespace Benchmarks;

/// <summary>Measures an operation that is done over and over, after a warm-up: time, CPU and bytes of one.</summary>
internal sealed record SteadyState(string Workload, int Operations, int WarmUpOperations)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    /// <summary>All runs on one thread.</summary>
    internal Task<Measurement> OnSprigAsync(Func<int, Task> round) => MeasureAsync(Benchmarks.Workload.Sprig, round, GC.GetAllocatedBytesForCurrentThread);

    internal Task<Measurement> OnDefaultAsync(Func<int, Task> round) => MeasureAsync(Benchmarks.Workload.Default, round, () => GC.GetTotalAllocatedBytes());

    private async Task<Measurement> MeasureAsync(string side, Func<int, Task> round, Func<long> allocated)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_warmUp)
            await round(WarmUpOperations);
        long before = allocated();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        start = Stopwatch.GetTimestamp();
        await round(Operations);
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        // Those of the round itself too: what its coroutines take to start and end.
        long bytes = allocated() - before;
        return new Measurement(Workload, side, Operations, nanoseconds / Operations,
            Measurement.Detail("cpu_ns", cpu.TotalNanoseconds / Operations),
            Measurement.Detail("bytes", bytes),
            Measurement.Detail("bytes_each", Math.Round((double)bytes / Operations, 2)));
    }
}
