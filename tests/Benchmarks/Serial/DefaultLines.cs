using System.IO.Ports;

namespace Benchmarks.Serial;

/// <summary>The ways of reading lines from a port with System.IO.Ports.</summary>
internal static class DefaultLines
{
    internal static string[] Ways { get; } = ["event", "readline", "read", "stream"];

    internal static Measurement Run(string path, LineRun run, string way)
    {
        using SerialPort port = Open(path);
        RoundReading reading = Reading(way, port, run.Tally);
        while (run.BeginRound())
        {
            if (run.MustAsk)
                port.Write(run.Request, 0, run.Request.Length);
            reading.ReadRound();
        }

        return run.Report(way);
    }

    internal static SerialPort Open(string path)
    {
        SerialPort port = new(path, 115_200) { NewLine = "\n" };
        port.Open();
        return port;
    }

    internal static RoundReading Reading(string way, SerialPort port, LineTally tally) => way switch
    {
        "event" => new EventReading(port, tally),
        "readline" => new LineReading(port, tally),
        "read" => new ByteReading(port, tally),
        "stream" => new StreamReading(port, tally),
        _ => throw new ArgumentException($"{string.Join('|', Ways)}, not {way}.", nameof(way)),
    };

    /// <summary>One that reads a round on this thread, or waits here until it is read.</summary>
    internal abstract class RoundReading
    {
        internal abstract void ReadRound();
    }

    /// <summary>DataReceived and ReadExisting, the rest of a line kept.</summary>
    private sealed class EventReading : RoundReading
    {
        private readonly SerialPort _port;
        private readonly LineTally _tally;
        private readonly object _gate = new();
        private string _kept = "";

        internal EventReading(SerialPort port, LineTally tally)
        {
            (_port, _tally) = (port, tally);
            port.DataReceived += (_, _) => Receive();
        }

        internal override void ReadRound()
        {
            lock (_gate)
            {
                while (_tally.Left > 0)
                    Monitor.Wait(_gate);
            }
        }

        private void Receive()
        {
            // Events may overlap, on threads of the pool.
            lock (_gate)
            {
                string text = _port.ReadExisting();
                if (_kept.Length > 0)
                    text = _kept + text;
                _kept = text[_tally.TakeAll(text)..];
                if (_tally.Left <= 0)
                    Monitor.Pulse(_gate);
            }
        }
    }

    private sealed class LineReading(SerialPort port, LineTally tally) : RoundReading
    {
        internal override void ReadRound()
        {
            while (tally.Left > 0)
                tally.Take(port.ReadLine());
        }
    }

    private sealed class ByteReading(SerialPort port, LineTally tally) : RoundReading
    {
        private readonly byte[] _buffer = new byte[8192];
        private int _kept;

        internal override void ReadRound()
        {
            while (tally.Left > 0)
            {
                int end = _kept + port.Read(_buffer, _kept, _buffer.Length - _kept);
                int taken = tally.TakeAll(_buffer.AsSpan(0, end));
                _buffer.AsSpan(taken, end - taken).CopyTo(_buffer);
                _kept = end - taken;
            }
        }
    }

    private sealed class StreamReading(SerialPort port, LineTally tally) : RoundReading
    {
        private readonly byte[] _buffer = new byte[8192];
        private int _kept;

        internal override void ReadRound() => ReadRoundAsync().GetAwaiter().GetResult();

        private async Task ReadRoundAsync()
        {
            while (tally.Left > 0)
            {
                int end = _kept + await port.BaseStream.ReadAsync(_buffer.AsMemory(_kept));
                int taken = tally.TakeAll(_buffer.AsSpan(0, end));
                _buffer.AsSpan(taken, end - taken).CopyTo(_buffer);
                _kept = end - taken;
            }
        }
    }
}
