using System.Diagnostics;
using System.Text;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Benchmarks.Serial;

/// <summary>Bursts of lines on 32 ports at once: whether all come, and what one costs.</summary>
internal static class ManyPorts
{
    internal const string Name = "ports32";
    private const int Ports = 32;
    private const int LinesOfPort = 3200;
    private const int Rounds = 3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly byte[] s_request = Encoding.ASCII.GetBytes($"b{LinesOfPort}\n");

    internal static Measurement Measure(string side)
    {
        using Process sender = LineSender.Start(Ports, out string[] paths);
        try
        {
            return side == Workload.Sprig ? CoroutineScheduler.Run(() => OnSprig(paths)) : OnDefault(paths);
        }
        finally
        {
            sender.Kill();
        }
    }

    private static async Task<Measurement> OnSprig(string[] paths)
    {
        SerialPort[] ports = Array.ConvertAll(paths, path => SerialPort.Open(path, 115_200));
        LineTally[] tallies = Array.ConvertAll(paths, _ => new LineTally());
        Func<Task>[] reading = [.. ports.Zip(tallies, (port, tally) => SprigLines.Reading("pipe", port, tally))];
        HashSet<int> threads = [];
        Totals totals = new(tallies);
        while (totals.BeginRound())
        {
            await Coroutine.JoinAll([.. Enumerable.Range(0, Ports).Select(i => Coroutine.Spawn(async () =>
            {
                await ports[i].WriteAsync(s_request);
                await reading[i]();
                threads.Add(Environment.CurrentManagedThreadId);
            }))], raiseError: true);
        }

        return totals.Report(Workload.Sprig, threads.Count);
    }

    private static Measurement OnDefault(string[] paths)
    {
        System.IO.Ports.SerialPort[] ports = Array.ConvertAll(paths, DefaultLines.Open);
        LineTally[] tallies = Array.ConvertAll(paths, _ => new LineTally());
        DefaultLines.RoundReading[] reading = [.. ports.Zip(tallies, (port, tally) => DefaultLines.Reading("event", port, tally))];
        Totals totals = new(tallies);
        while (totals.BeginRound())
        {
            foreach (System.IO.Ports.SerialPort port in ports)
                port.Write(s_request, 0, s_request.Length);
            foreach (DefaultLines.RoundReading one in reading)
                one.ReadRound();
        }

        return totals.Report(Workload.Default, 0);
    }

    private sealed class Totals(LineTally[] tallies)
    {
        private readonly long _begun = Stopwatch.GetTimestamp();
        private int _measured = -1;
        private TimeSpan _cpu;
        private long _bytes;
        private long _wall;

        internal bool BeginRound()
        {
            if (_measured < 0 && Stopwatch.GetElapsedTime(_begun) > s_warmUp)
            {
                _measured = 0;
                (_bytes, _cpu, _wall) = (GC.GetTotalAllocatedBytes(true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            }

            if (_measured == Rounds)
                return false;
            _measured += _measured < 0 ? 0 : 1;
            foreach (LineTally tally in tallies)
                tally.BeginRound(LinesOfPort, isPaced: false);
            return true;
        }

        internal Measurement Report(string side, int handlerThreads)
        {
            double cpu = (Environment.CpuUsage.TotalTime - _cpu).TotalNanoseconds;
            double wall = Stopwatch.GetElapsedTime(_wall).TotalNanoseconds;
            long bytes = GC.GetTotalAllocatedBytes(true) - _bytes;
            const int Lines = Rounds * Ports * LinesOfPort;
            int wrong = tallies.Sum(tally => tally.Broken + Math.Abs(tally.Left));
            return new Measurement(Name, side, Lines, cpu / Lines,
                Measurement.Detail("wall_ns", wall / Lines),
                Measurement.Detail("bytes_each", (double)bytes / Lines),
                Measurement.Detail("threads", ThreadTable.Of(Environment.ProcessId).Count),
                Measurement.Detail("handler_threads", handlerThreads))
            {
                Fault = wrong > 0 ? $"{wrong} lines were broken, missing or too many" : handlerThreads > 1 ? "it ran on more than one thread" : null,
            };
        }
    }
}
