using System.Diagnostics;

namespace Benchmarks.Serial;

/// <summary>Lines of a tty on Sprig, on System.IO.Ports and in C, the sides in turn and each in a process of its own, with the sender in
/// another; medians and the spread.</summary>
internal sealed class SerialComparison(int pairs)
{
    /// <summary>The command line's word for it, after "compare".</summary>
    internal const string Name = "serial";

    private const string Limit = "limit";

    /// <summary>Seconds; of the paced lines a round of 1500.</summary>
    private static readonly Dictionary<string, string> s_warmUp = new() { ["burst"] = "2", ["paced"] = "1" };

    private readonly Dictionary<string, List<Measurement>> _all = [];
    private bool _faulty;

    internal int Run()
    {
        string? limit = LineLimit.Build();
        try
        {
            // What nobody would choose who has measured it: once.
            foreach (string way in new[] { "bcl-pipe", "strict" })
                Lines("burst", 100_000, Workload.Sprig, way);
            foreach (string way in new[] { "readline", "stream" })
                Lines("burst", 100_000, Workload.Default, way);
            foreach (string way in new[] { "readline", "read" })
                Lines("paced", 3000, Workload.Default, way);
            for (int i = 0; i < pairs; i++)
                RunPair(limit);
        }
        finally
        {
            if (limit is not null)
                File.Delete(limit);
        }

        Summarize();
        return _faulty ? 1 : 0;
    }

    private void RunPair(string? limit)
    {
        if (limit is not null)
        {
            Lines("burst", 100_000, Limit, limit);
            Lines("paced", 3000, Limit, limit);
        }

        foreach (string way in new[] { "pipe", "span", "frames", "lines" })
            Lines("burst", 100_000, Workload.Sprig, way);
        foreach (string way in new[] { "event", "read" })
            Lines("burst", 100_000, Workload.Default, way);
        Lines("paced", 3000, Workload.Sprig, "pipe");
        Lines("paced", 3000, Workload.Default, "event");
        foreach (string side in new[] { Workload.Sprig, Workload.Default })
        {
            Keep($"{ManyPorts.Name} {side}", SelfExecution.Start([ManyPorts.Name, side]));
            Keep($"{IdlePort.Name} {side}", SelfExecution.Start([IdlePort.Name, side]));
        }
    }

    private void Lines(string kind, int count, string side, string way)
    {
        using Process sender = LineSender.Start(1, out string[] paths);
        try
        {
            Process reader = side == Limit
                ? Process.Start(new ProcessStartInfo(way, [paths[0], kind, $"{count}", s_warmUp[kind]]) { RedirectStandardOutput = true })!
                : SelfExecution.Start(["w6", paths[0], kind, $"{count}", side, way, s_warmUp[kind]]);
            Keep($"{kind} {side} {(side == Limit ? "c" : way)}", reader);
        }
        finally
        {
            sender.Kill();
        }
    }

    private void Keep(string row, Process process)
    {
        using (process)
        {
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _faulty |= process.ExitCode != 0;
            Console.Write(output);
            Measurement measurement = output.Split('\n').Select(Measurement.Parse).LastOrDefault(one => one is not null)
                ?? throw new InvalidOperationException($"{row} gave no measurement (exit code {process.ExitCode}): {output}");
            if (!_all.TryGetValue(row, out List<Measurement>? kept))
                _all[row] = kept = [];
            kept.Add(measurement);
        }
    }

    private void Summarize()
    {
        Console.WriteLine();
        Console.WriteLine("| | figure | median (spread) of runs | CPU us a line | p99 us | bytes a line | threads |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach ((string row, List<Measurement> kept) in _all.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            (string unit, double scale) = row.Split(' ')[0] switch
            {
                "paced" => ("us late, median", 1000),
                IdlePort.Name => ("wake-ups a second", 1),
                _ => ("ns of CPU a line", 1.0),
            };
            Console.WriteLine($"| {row} | {unit} | {Median(row) / scale:0.#} ({kept.Min(one => one.Figure) / scale:0.#}..{kept.Max(one => one.Figure) / scale:0.#}) of {kept.Count} | "
                + $"{Cell(row, "cpu_us")} | {Cell(row, "p99_us")} | {Cell(row, "bytes_each")} | {Cell(row, "threads")} |");
        }

        double bestBurst = Math.Min(Median("burst default event"), Median("burst default readline"));
        double bestPaced = Math.Min(Median("paced default event"), Median("paced default readline"));
        Console.WriteLine();
        Console.WriteLine($"burst: {Median("burst sprig pipe"):0} ns of CPU a line; System.IO.Ports / Sprig {bestBurst / Median("burst sprig pipe"):0.#}; "
            + $"Sprig / C {Median("burst sprig pipe") / Median("burst limit c"):0.##}");
        Console.WriteLine($"paced: p50 {Median("paced sprig pipe") / 1000:0.#} us; System.IO.Ports / Sprig {bestPaced / Median("paced sprig pipe"):0.#}; "
            + $"Sprig / C {Median("paced sprig pipe") / Median("paced limit c"):0.##}");
        Console.WriteLine($"32 ports: {Median("ports32 sprig"):0} ns of CPU a line; System.IO.Ports / Sprig {Median("ports32 default") / Median("ports32 sprig"):0.#}");
        Console.WriteLine($"idle: {Median("idleport sprig"):0.#} wake-ups a second against {Median("idleport default"):0.#}");
    }

    private string Cell(string row, string key) => Median(row, key) is double number and not double.NaN ? $"{number:0.##}" : "";

    private double Median(string row, string? key = null)
        => _all.TryGetValue(row, out List<Measurement>? kept) ? Measurement.Median(kept.Select(one => key is null ? one.Figure : one.Number(key))) : double.NaN;
}
