using Sprig.Cli.Demo.Reports;

namespace Sprig.Cli.Demo;

/// <summary>How late a blinker acted: the newest 100,000 of its toggles.</summary>
internal sealed class LatenessLog
{
    private const int Kept = 100_000;
    private readonly List<double> _microseconds = [];
    private int _next;

    internal void Add(TimeSpan lateness)
    {
        if (_microseconds.Count < Kept)
            _microseconds.Add(lateness.TotalMicroseconds);
        else
            _microseconds[_next++ % Kept] = lateness.TotalMicroseconds;
    }

    internal LatenessReport ToReport()
    {
        double[] sorted = [.. _microseconds.Order()];
        return new LatenessReport(At(sorted, 0.5), At(sorted, 0.99), At(sorted, 1));
    }

    private static double At(double[] sorted, double part)
        => sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)], 1);
}
