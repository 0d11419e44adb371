using System.Diagnostics;

namespace Benchmarks;

/// <summary>Sprig and the default in turn, each in a process of its own, so that whatever else the machine does falls on
/// both; the medians and their ratio.</summary>
internal sealed class Comparison(int pairs)
{
    private bool _faulty;

    internal int Run(string[] names)
    {
        if (pairs < 1 || Array.Find(names, name => Workload.Find(name) is null) is not null)
        {
            Console.Error.WriteLine($"compare [--pairs N] [{string.Join(' ', Workload.All.Select(workload => workload.Name))}]");
            return 2;
        }

        List<string> summary = [];
        foreach (Workload workload in names.Length == 0 ? Workload.All : Array.ConvertAll(names, name => Workload.Find(name)!))
            summary.Add(Compare(workload));
        Console.WriteLine();
        summary.ForEach(Console.WriteLine);
        return _faulty ? 1 : 0;
    }

    private string Compare(Workload workload)
    {
        List<Measurement> sprig = [];
        List<Measurement> other = [];
        for (int i = 0; i < pairs; i++)
        {
            sprig.Add(Measure(workload, []));
            other.Add(Measure(workload, [Workload.Default]));
        }

        double ours = Measurement.Median(sprig.Select(measurement => measurement.Figure));
        double theirs = Measurement.Median(other.Select(measurement => measurement.Figure));
        return $"{workload.Name} {ours:0.##} {theirs:0.##} {ours / theirs:0.###} unit={workload.Figure.Replace(' ', '_')} "
            + $"sprig={Spread(sprig)} default={Spread(other)} pairs={pairs}{Medians("sprig", sprig)}{Medians("default", other)}";
    }

    private Measurement Measure(Workload workload, string[] side)
    {
        using Process process = SelfExecution.Start([workload.Name, .. side]);
        if (workload.OnOneCore)
            GiveOneCore(process);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _faulty |= process.ExitCode != 0;
        Console.Write(output);
        return output.Split('\n').Select(Measurement.Parse).LastOrDefault(measurement => measurement is not null)
            ?? throw new InvalidOperationException($"{workload.Name} gave no measurement (exit code {process.ExitCode}): {output}");
    }

    private static void GiveOneCore(Process process)
    {
        if (!OperatingSystem.IsLinux())
            return;
        nint cores = process.ProcessorAffinity;
        process.ProcessorAffinity = cores & -cores;
    }

    private static string Spread(List<Measurement> all)
        => $"{all.Min(measurement => measurement.Figure):0.##}..{all.Max(measurement => measurement.Figure):0.##}";

    /// <summary>The medians of the other figures that are numbers.</summary>
    private static string Medians(string side, List<Measurement> all)
        => string.Concat(all[0].Details.Where(detail => double.TryParse(detail.Value, out _)).Select(detail
            => $" {side}.{detail.Key}={Measurement.Median(all.SelectMany(m => m.Details).Where(d => d.Key == detail.Key).Select(d => double.Parse(d.Value))):0.##}"));
}
