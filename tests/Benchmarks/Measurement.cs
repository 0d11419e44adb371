namespace Benchmarks;

/// <summary>What one run of a workload gave: a line <c>WORKLOAD SIDE ITERATIONS FIGURE key=value...</c>, for people and for
/// <see cref="Comparison"/>.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Side">"sprig" or "default".</param>
/// <param name="Iterations">How many operations were measured.</param>
/// <param name="Figure">The main one: nanoseconds an operation, if the workload does not say otherwise.</param>
/// <param name="Details">The other figures, in the order of printing.</param>
internal sealed record Measurement(string Workload, string Side, long Iterations, double Figure, params KeyValuePair<string, string>[] Details)
{
    /// <summary>What was wrong: the figures are worth nothing, and the process ends with 1.</summary>
    internal string? Fault { get; init; }

    public override string ToString()
        => string.Join(' ', [Workload, Side, $"{Iterations}", $"{Figure:0.##}", .. Details.Select(pair => $"{pair.Key}={pair.Value}")]);

    internal static KeyValuePair<string, string> Detail(string key, object value) => new(key, $"{value:0.##}");

    internal static Measurement? Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || !long.TryParse(words[2], out long iterations) || !double.TryParse(words[3], out double figure))
            return null;
        KeyValuePair<string, string>[] details =
            [.. words[4..].Select(word => word.Split('=', 2)).Where(pair => pair.Length == 2).Select(pair => new KeyValuePair<string, string>(pair[0], pair[1]))];
        return new Measurement(words[0], words[1], iterations, figure, details);
    }

    /// <summary>One of the other figures; NaN where it is none.</summary>
    internal double Number(string key)
        => double.TryParse(Array.Find(Details, detail => detail.Key == key).Value, out double number) ? number : double.NaN;

    /// <summary>The value under which a part of the sorted values lies: 0.5 is the median.</summary>
    internal static double Percentile(double[] sorted, double part)
        => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Percentile(sorted, 0.5);
    }
}
