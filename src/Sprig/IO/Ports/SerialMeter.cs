using System.Diagnostics.Metrics;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>The counters of all ports, for who listens to the meter "Sprig". They are looked at when they are asked for, and cost
/// nothing else. A port that is closed keeps its counts, under its name.</summary>
internal static class SerialMeter
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<string, Totals> s_ports = [];

    /// <summary>Weak: a port that nobody holds any more is closed by its finalizer.</summary>
    private static readonly List<WeakReference<SerialLine>> s_open = [];

    static SerialMeter()
    {
        Create("sprig.serial.overruns", "{byte}", "Bytes lost, since the buffer of the hardware or of the kernel was full.", totals => totals.Overruns);
        Create("sprig.serial.framing_errors", "{byte}", "Bytes without their stop bit.", totals => totals.FramingErrors);
        Create("sprig.serial.parity_errors", "{byte}", "Bytes of the wrong parity.", totals => totals.ParityErrors);
        Create("sprig.serial.breaks", "{break}", "Breaks received.", totals => totals.Breaks);
        Create("sprig.serial.bytes_received", "By", "Bytes read from the port.", totals => totals.Received);
        Create("sprig.serial.bytes_sent", "By", "Bytes written to the port.", totals => totals.Sent);
    }

    internal static void Add(SerialLine line)
    {
        lock (s_gate)
        {
            s_open.RemoveAll(static open => !open.TryGetTarget(out _));
            s_open.Add(new WeakReference<SerialLine>(line));
        }
    }

    internal static void Remove(SerialLine line)
    {
        lock (s_gate)
        {
            if (s_open.RemoveAll(open => open.TryGetTarget(out SerialLine? target) && target == line) > 0)
                s_ports[line.Path] = s_ports.GetValueOrDefault(line.Path).With(line);
        }
    }

    private static void Create(string name, string unit, string description, Func<Totals, long> pick)
        => _ = SprigMeter.Instance.CreateObservableCounter(name, () => Observe(pick), unit, description);

    private static List<Measurement<long>> Observe(Func<Totals, long> pick)
    {
        Dictionary<string, Totals> now;
        lock (s_gate)
        {
            now = new Dictionary<string, Totals>(s_ports);
            foreach (WeakReference<SerialLine> open in s_open)
            {
                if (open.TryGetTarget(out SerialLine? line))
                    now[line.Path] = now.GetValueOrDefault(line.Path).With(line);
            }
        }

        return [.. now.Select(port => new Measurement<long>(pick(port.Value), new KeyValuePair<string, object?>("port", port.Key)))];
    }

    private readonly record struct Totals(long Overruns, long FramingErrors, long ParityErrors, long Breaks, long Received, long Sent)
    {
        internal Totals With(SerialLine line)
        {
            SerialErrorCounts counts = Look(line);
            return new Totals(
                Overruns + counts.Overruns + counts.BufferOverruns,
                FramingErrors + counts.FramingErrors,
                ParityErrors + counts.ParityErrors,
                Breaks + counts.Breaks,
                Received + line.Received,
                Sent + line.Sent);
        }

        private static SerialErrorCounts Look(SerialLine line)
        {
            try
            {
                using SerialLine.Use use = line.Hold();
                return line.Counts.Look() ?? default;
            }
            catch (ObjectDisposedException)
            {
                return default;
            }
        }
    }
}
