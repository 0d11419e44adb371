using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Benchmarks.Serial;

/// <summary>One run of W6 on one side: rounds of lines, of which the first ones warm up, and their figures. Without a warm-up it takes
/// what comes, by whoever holds the other end; with one it asks a <see cref="LineSender"/> for its rounds.</summary>
internal sealed class LineRun(string side, bool isPaced, int count, TimeSpan warmUp)
{
    private const int BurstRounds = 3;
    private const int PacedWarmUp = 1500;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private int _measured;
    private bool _isMeasuring;
    private long _bytesBefore;
    private TimeSpan _cpuBefore;
    private long _wallBefore;

    internal LineTally Tally { get; } = new();

    /// <summary>Whether the sender is to be asked: then with <see cref="Request"/>.</summary>
    internal bool MustAsk => warmUp > TimeSpan.Zero;

    internal byte[] Request { get; private set; } = [];

    private int Rounds => isPaced || !MustAsk ? 1 : BurstRounds;

    /// <summary>Makes ready for the next round; false when all is measured.</summary>
    internal bool BeginRound()
    {
        bool isFirst = !_isMeasuring && (!MustAsk || Stopwatch.GetElapsedTime(_begun) > warmUp);
        _isMeasuring |= isFirst;
        if (_measured == Rounds)
            return false;
        _measured += _isMeasuring ? 1 : 0;
        int lines = isPaced && !_isMeasuring ? PacedWarmUp : count;
        Request = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(isPaced ? 'p' : 'b')}{lines}\n"));
        Tally.BeginRound(lines, isPaced);
        if (isFirst)
            (_bytesBefore, _cpuBefore, _wallBefore) = (GC.GetTotalAllocatedBytes(true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        return true;
    }

    internal Measurement Report(string way)
    {
        double wall = Stopwatch.GetElapsedTime(_wallBefore).TotalMicroseconds;
        double cpu = (Environment.CpuUsage.TotalTime - _cpuBefore).TotalMicroseconds;
        long bytes = GC.GetTotalAllocatedBytes(true) - _bytesBefore;
        long lines = (long)_measured * count;
        double[] late = isPaced ? Tally.Late() : [];
        return new Measurement("w6", side, lines, isPaced ? Measurement.Percentile(late, 0.5) : cpu * 1000 / lines,
        [
            new("way", way),
            new("lines", isPaced ? "paced" : "burst"),
            Measurement.Detail("cpu_us", Math.Round(cpu / lines, 4)),
            Measurement.Detail("wall_us", wall / lines),
            .. isPaced ? [Microseconds("p50_us", late, 0.5), Microseconds("p99_us", late, 0.99), Microseconds("max_us", late, 1)] : Array.Empty<KeyValuePair<string, string>>(),
            Measurement.Detail("bytes_each", (double)bytes / lines),
            Measurement.Detail("threads", ThreadTable.Of(Environment.ProcessId).Count),
        ])
        {
            Fault = Tally.Broken == 0 && Tally.Left == 0 ? null : $"{Tally.Broken} lines were broken, {Tally.Left} missing or too many",
        };
    }

    private static KeyValuePair<string, string> Microseconds(string key, double[] sorted, double part)
        => Measurement.Detail(key, Measurement.Percentile(sorted, part) / 1000);
}
