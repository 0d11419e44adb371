using System.Diagnostics;
using Sprig.Scheduling;

namespace Benchmarks;

/// <summary>W4: 100 blinkers with periods from 5 to 15 ms, each acting at absolute times; how late they act.</summary>
internal static class W4Blink
{
    private const int Blinkers = 100;
    private const long Shortest = 5_000_000;
    private const long Longest = 15_000_000;
    private const long Millisecond = 1_000_000;
    private const long WarmUp = 2_000 * Millisecond;
    private const long Measured = 5_000 * Millisecond;

    internal static Measurement OnSprig() => CoroutineScheduler.Run(async () =>
    {
        Session session = new();
        foreach (Blinker blinker in session.Blinkers)
            _ = Coroutine.Spawn(() => blinker.BlinkOnSprig(), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        await Coroutine.SleepUntil(new MonotonicTime(session.From));
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await Coroutine.SleepUntil(new MonotonicTime(session.To));
        return session.Report(Workload.Sprig, Environment.CpuUsage.TotalTime - before);
    });

    internal static Measurement OnDefault()
    {
        static async Task<Measurement> RunAsync()
        {
            Session session = new();
            Task[] all = [.. session.Blinkers.Select(blinker => Task.Run(blinker.BlinkOnDefault))];
            await UntilAsync(session.From);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            await UntilAsync(session.To);
            TimeSpan cpu = Environment.CpuUsage.TotalTime - before;
            await Task.WhenAll(all);
            return session.Report(Workload.Default, cpu);
        }

        return RunAsync().GetAwaiter().GetResult();
    }

    // Task.Delay knows whole milliseconds, and its clock may run a little ahead of this one: rounded up, and asked again.
    private static async Task UntilAsync(long due)
    {
        for (long left; (left = due - Stopwatch.GetTimestamp()) > 0;)
            await Task.Delay((int)((left + Millisecond - 1) / Millisecond));
    }

    private sealed class Session
    {
        internal Session()
        {
            long start = Stopwatch.GetTimestamp();
            From = start + WarmUp;
            To = From + Measured;
            Blinkers = new Blinker[W4Blink.Blinkers];
            for (int i = 0; i < Blinkers.Length; i++)
                Blinkers[i] = new Blinker(this, start, (Shortest + (Longest - Shortest) * i / (Blinkers.Length - 1)) / 100 * 100);
        }

        internal Blinker[] Blinkers { get; }

        internal long From { get; }

        internal long To { get; }

        internal Measurement Report(string side, TimeSpan cpu)
        {
            double[] lateness = [.. Blinkers.SelectMany(blinker => blinker.Lateness).Order()];
            long early = lateness.Count(late => late < 0);
            return new Measurement("w4", side, lateness.Length, Measurement.Percentile(lateness, 0.5),
                Measurement.Detail("p50_us", Measurement.Percentile(lateness, 0.5) / 1000),
                Measurement.Detail("p99_us", Measurement.Percentile(lateness, 0.99) / 1000),
                Measurement.Detail("max_us", lateness[^1] / 1000),
                Measurement.Detail("cpu_ms", cpu.TotalMilliseconds),
                Measurement.Detail("missed", Blinkers.Sum(blinker => blinker.Missed)))
            {
                Fault = early == 0 ? null : $"{early} times a blinker acted early, by up to {-lateness[0]} ns",
            };
        }
    }

    /// <summary>One that acts at start + n x period. Where it comes more than a period late it skips, as a Ticker does.</summary>
    private sealed class Blinker(Session session, long start, long period)
    {
        internal List<double> Lateness { get; } = new((int)(Measured / Shortest) + 1);

        internal long Missed { get; private set; }

        internal async Task BlinkOnSprig()
        {
            Ticker ticker = new(TimeSpan.FromTicks(period / 100), new MonotonicTime(start));
            while (true)
            {
                Tick tick = await ticker.NextAsync();
                Act(tick.Due.Nanoseconds, tick.Missed);
            }
        }

        internal async Task BlinkOnDefault()
        {
            long missed;
            for (long due = start + period; due < session.To; due += period * (1 + missed))
            {
                await UntilAsync(due);
                missed = Act(due, 0) / period;
                Missed += due >= session.From ? missed : 0;
            }
        }

        private long Act(long due, long missed)
        {
            long late = Stopwatch.GetTimestamp() - due;
            if (due < session.From || due >= session.To)
                return late;
            Lateness.Add(late);
            Missed += missed;
            return late;
        }
    }
}
