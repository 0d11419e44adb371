using System.Globalization;
using Sprig.Scheduling;

namespace Sprig.Testing;

/// <content>Its past as a file for logic analyzer viewers.</content>
public sealed partial class SimulatedBoard
{
    private const char FirstCode = '!';
    private const int Codes = '~' - FirstCode + 1;

    /// <summary>Writes the changes so far as a VCD file (IEEE 1364), which GTKWave and PulseView open: the lines that have changed or are
    /// held, times in nanoseconds from <see cref="Start"/>.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteVcd(string path)
    {
        using StreamWriter file = new(path);
        WriteVcd(file);
    }

    /// <inheritdoc cref="WriteVcd(string)"/>
    public void WriteVcd(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (Gate)
        {
            SimulatedLine[] shown = [.. _lines.Where(line => line.Consumer is not null || _changes.Any(change => change.Line == line.Number))];
            WriteHead(writer, shown);
            WriteLevels(writer, shown);
        }
    }

    private void WriteHead(TextWriter writer, SimulatedLine[] shown)
    {
        Write(writer, "$version Sprig $end");
        Write(writer, "$timescale 1 ns $end");
        Write(writer, $"$scope module {Word(Name)} $end");
        for (int i = 0; i < shown.Length; i++)
            Write(writer, $"$var wire 1 {CodeOf(i)} {Word(shown[i].Name.Length > 0 ? shown[i].Name : $"line{shown[i].Number}")} $end");
        Write(writer, "$upscope $end");
        Write(writer, "$enddefinitions $end");
    }

    private void WriteLevels(TextWriter writer, SimulatedLine[] shown)
    {
        Write(writer, "#0");
        Write(writer, "$dumpvars");
        for (int i = 0; i < shown.Length; i++)
        {
            PinChange? first = _changes.Where(change => change.Line == shown[i].Number).Select(change => (PinChange?)change).FirstOrDefault();
            WriteLevel(writer, first is { } change ? !change.Level : shown[i].Net.Level, i);
        }

        Write(writer, "$end");
        long time = 0;
        foreach (PinChange change in _changes)
        {
            MoveTo(writer, change.Time, ref time);
            WriteLevel(writer, change.Level, Array.FindIndex(shown, line => line.Number == change.Line));
        }

        MoveTo(writer, Now, ref time);
    }

    // What came before the start, when no run's clock was there, counts for its beginning.
    private void MoveTo(TextWriter writer, MonotonicTime moment, ref long time)
    {
        long next = moment.Nanoseconds - Start.Nanoseconds;
        if (next <= time)
            return;
        time = next;
        Write(writer, string.Create(CultureInfo.InvariantCulture, $"#{time}"));
    }

    private static void WriteLevel(TextWriter writer, bool level, int index) => Write(writer, $"{(level ? '1' : '0')}{CodeOf(index)}");

    // The same bytes everywhere: not the writer's own line end.
    private static void Write(TextWriter writer, string line)
    {
        writer.Write(line);
        writer.Write('\n');
    }

    // A number in base 94, of the printable characters.
    private static string CodeOf(int index)
        => index < Codes ? $"{(char)(FirstCode + index)}" : $"{CodeOf(index / Codes - 1)}{(char)(FirstCode + index % Codes)}";

    private static string Word(string text) => string.Concat(text.Select(one => char.IsWhiteSpace(one) ? '_' : one));
}
