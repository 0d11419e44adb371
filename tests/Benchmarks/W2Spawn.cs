using System.Diagnostics;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>W2: spawn many that yield once, and join them all: 100,000 at once, where the collector sees them survive, in
/// batches of 100, where they die young, and one at a time.</summary>
internal static class W2Spawn
{
    private const int Many = 100_000;
    private const int Few = 100;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(4);

    internal static Measurement OnSprig() => CoroutineScheduler.Run(async () =>
    {
        Coroutine[] many = new Coroutine[Many];
        Coroutine[] few = new Coroutine[Few];

        static async Task Round(Coroutine[] all)
        {
            for (int i = 0; i < all.Length; i++)
                all[i] = Coroutine.Spawn(static async () => await Coroutine.Yield());
            await Coroutine.JoinAll(all);
        }

        static async Task Single() => await Coroutine.Spawn(static async () => await Coroutine.Yield());

        return await MeasureAsync(Workload.Sprig, () => Round(many), () => Round(few), Single, GC.GetAllocatedBytesForCurrentThread);
    });

    internal static Measurement OnDefault()
    {
        Task[] many = new Task[Many];
        Task[] few = new Task[Few];

        static Task Round(Task[] all)
        {
            for (int i = 0; i < all.Length; i++)
                all[i] = Task.Run(static async () => await Task.Yield());
            return Task.WhenAll(all);
        }

        static Task Single() => Task.Run(static async () => await Task.Yield());

        return Task.Run(() => MeasureAsync(Workload.Default, () => Round(many), () => Round(few), Single, () => GC.GetTotalAllocatedBytes()))
            .GetAwaiter().GetResult();
    }

    private static async Task<Measurement> MeasureAsync(string side, Func<Task> many, Func<Task> few, Func<Task> single, Func<long> allocated)
    {
        static async Task Often(int times, Func<Task> what)
        {
            for (int i = 0; i < times; i++)
                await what();
        }

        Series one = await RepeatAsync(() => Often(Many, single), allocated);
        Series young = await RepeatAsync(() => Often(Many / Few, few), allocated);
        Series old = await RepeatAsync(many, allocated);
        return new Measurement("w2", side, old.Spawns, old.Median,
            Measurement.Detail("cpu_ns", old.Cpu),
            Measurement.Detail("bytes", Math.Round(old.Bytes)),
            Measurement.Detail("gc_part", old.Pause / (old.Mean * old.Spawns)),
            Measurement.Detail("one_at_a_time", one.Median),
            Measurement.Detail("batches_of_100", young.Median),
            Measurement.Detail("batches_cpu_ns", young.Cpu));
    }

    private static async Task<Series> RepeatAsync(Func<Task> round, Func<long> allocated)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_warmUp)
            await round();
        List<double> rounds = [];
        long before = allocated();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        TimeSpan pause = GC.GetTotalPauseDuration();
        start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_measured)
        {
            long roundStart = Stopwatch.GetTimestamp();
            await round();
            rounds.Add(Stopwatch.GetElapsedTime(roundStart).TotalNanoseconds / Many);
        }

        long spawns = (long)rounds.Count * Many;
        return new Series(spawns, Measurement.Median(rounds), rounds.Average(),
            (Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / spawns,
            (double)(allocated() - before) / spawns,
            (GC.GetTotalPauseDuration() - pause).TotalNanoseconds);
    }

    /// <summary>Rounds of one kind: nanoseconds and bytes a coroutine; the collector's pauses in all.</summary>
    private sealed record Series(long Spawns, double Median, double Mean, double Cpu, double Bytes, double Pause);
}
