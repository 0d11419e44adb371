using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>Edges of one line of the emulated board (hardware/emulator/quick/measure), pulled by a process beside this one: how late the
/// handler sees each, what it costs, and how many are lost. Late is the handler's clock minus the puller's, both CLOCK_MONOTONIC.</summary>
internal static class Edges
{
    internal const int Line = 17;
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);
    private static readonly string s_stamps = Path.Combine(Path.GetTempPath(), "pulled");

    /// <summary>Where the emulated board's lines are pulled; null: this is none.</summary>
    internal static string? Lines { get; } = Environment.GetEnvironmentVariable("SPRIG_EMULATED_LINES");

    /// <summary>The number of its chip, which is not the first one on every emulated board.</summary>
    internal static int Chip { get; } = int.Parse(Environment.GetEnvironmentVariable("SPRIG_EMULATED_CHIP")?["gpiochip".Length..] ?? "0");

    /// <summary>The compiled Limits/edges.c.</summary>
    private static string Tool { get; } = Environment.GetEnvironmentVariable("SPRIG_EDGE_TOOL") ?? "edges";

    internal static Measurement Measure(string side, Func<int, EdgeWatcher> watch)
    {
        if (Lines is null)
            return new Measurement("edges", side, 0, double.NaN) { Fault = "no emulated board: run hardware/emulator/quick/measure" };
        // To have it compiled.
        _ = Run(watch, new Pulls(4000, 1, TimeSpan.FromMicroseconds(200)));
        Phase paced = Run(watch, new Pulls(3000, 1, TimeSpan.FromMilliseconds(1)));
        Phase bursts = Run(watch, new Pulls(10_000, 500, TimeSpan.FromMilliseconds(20)));
        return new Measurement("edges", side, paced.Seen, Measurement.Percentile(paced.Late, 0.5),
            Measurement.Detail("p99", Measurement.Percentile(paced.Late, 0.99)),
            Measurement.Detail("cpu_us", paced.CpuMicroseconds),
            Measurement.Detail("missing", paced.Pulled - paced.Seen),
            Measurement.Detail("burst_missing", bursts.Pulled - bursts.Seen),
            Measurement.Detail("burst_counted_lost", bursts.Lost),
            Measurement.Detail("burst_cpu_us", bursts.CpuMicroseconds),
            Measurement.Detail("threads", paced.Threads))
        {
            Fault = side != Workload.Default && bursts.Seen + bursts.Lost != bursts.Pulled ? "edges are neither seen nor counted as lost" : null,
        };
    }

    /// <summary>Starts the C program, which takes edges or makes them.</summary>
    internal static Process StartTool(params string[] arguments)
        => Process.Start(new ProcessStartInfo(Tool, arguments) { RedirectStandardOutput = true })!;

    private static Phase Run(Func<int, EdgeWatcher> watch, Pulls pulls)
    {
        using EdgeWatcher watcher = watch(pulls.Count);
        TimeSpan before = watcher.Cpu;
        using (Process puller = StartTool("pull", $"{Lines}/sim_gpio{Line}/pull", $"{pulls.Count}", $"{pulls.Gap.TotalMicroseconds:0}", $"{pulls.Burst}", s_stamps))
            puller.WaitForExit();
        for (int seen = -1; watcher.Seen < pulls.Count && watcher.Seen != seen; Thread.Sleep(s_quiet))
            seen = watcher.Seen;
        TimeSpan cpu = watcher.Cpu - before;
        long[] pulled = MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(s_stamps)).ToArray();
        return new Phase(pulls.Count, watcher.Seen, watcher.Lost, LateOf(pulled, watcher.Stamps), cpu.TotalMicroseconds / pulls.Count, watcher.Threads);
    }

    /// <summary>Against the last pull before it: one that lost edges, or is later than the next pull, is flattered.</summary>
    private static double[] LateOf(long[] pulled, ReadOnlySpan<long> seen)
    {
        double[] late = new double[seen.Length];
        int last = 0;
        for (int i = 0; i < seen.Length; i++)
        {
            while (last + 1 < pulled.Length && pulled[last + 1] <= seen[i])
                last++;
            late[i] = seen[i] - pulled[last];
        }

        Array.Sort(late);
        return late;
    }

    private readonly record struct Pulls(int Count, int Burst, TimeSpan Gap);

    private sealed record Phase(int Pulled, int Seen, long Lost, double[] Late, double CpuMicroseconds, int Threads);
}
