using System.IO.Pipelines;
using Nerdbank.Streams;
using Sprig.IO;
using Sprig.IO.Framing;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Benchmarks.Serial;

/// <summary>The ways of reading lines from a port on Sprig.</summary>
internal static class SprigLines
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    internal static string[] Ways { get; } = ["pipe", "lines", "span", "frames", "bcl-pipe", "strict"];

    internal static Measurement Run(string path, LineRun run, string way)
    {
        CoroutineScheduler.Run(() => Deadline.RunAsync(s_limit, async () =>
        {
            using SerialPort port = SerialPort.Open(path, 115_200);
            Func<Task> read = Reading(way, port, run.Tally);
            while (run.BeginRound())
            {
                if (run.MustAsk)
                    await port.WriteAsync(run.Request);
                await read();
            }
        }));
        return run.Report(way);
    }

    /// <summary>What reads a round of lines.</summary>
    internal static Func<Task> Reading(string way, SerialPort port, LineTally tally) => way switch
    {
        "lines" => () => ReadLinesAsync(port, tally),
        "span" => new SpanReading(port, tally).ReadAsync,
        "pipe" => Piped(new LoopPipeReader(port), tally),
        "frames" => Framed(new FrameReader(port, FrameFormat.Lines()), tally),
        "bcl-pipe" => Piped(PipeReader.Create(port), tally),
#pragma warning disable CS0618 // Obsolete: to show what it costs.
        "strict" => Piped(port.UseStrictPipeReader(), tally),
#pragma warning restore CS0618
        _ => throw new ArgumentException($"{string.Join('|', Ways)}, not {way}.", nameof(way)),
    };

    private static Func<Task> Piped(PipeReader reader, LineTally tally) => () => ReadPipeAsync(reader, tally);

    private static Func<Task> Framed(FrameReader reader, LineTally tally) => () => ReadFramesAsync(reader, tally);

    private static async Task ReadFramesAsync(FrameReader reader, LineTally tally)
    {
        while (tally.Left > 0 && await reader.ReadAsync() is { } line)
            tally.Take(line.Span);
    }

    private static async Task ReadLinesAsync(SerialPort port, LineTally tally)
    {
        while (tally.Left > 0)
            tally.Take(await port.ReadLineAsync());
    }

    private static async Task ReadPipeAsync(PipeReader reader, LineTally tally)
    {
        while (tally.Left > 0)
        {
            ReadResult result = await reader.ReadAsync();
            reader.AdvanceTo(tally.TakeAll(result.Buffer), result.Buffer.End);
        }
    }

    private sealed class SpanReading(Stream port, LineTally tally)
    {
        private readonly byte[] _buffer = new byte[8192];
        private int _kept;

        internal async Task ReadAsync()
        {
            while (tally.Left > 0)
            {
                int end = _kept + await port.ReadAsync(_buffer.AsMemory(_kept));
                int taken = tally.TakeAll(_buffer.AsSpan(0, end));
                _buffer.AsSpan(taken, end - taken).CopyTo(_buffer);
                _kept = end - taken;
            }
        }
    }
}
