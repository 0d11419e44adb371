using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Benchmarks.Serial;

/// <summary>The handler of the lines, the same for all sides: counts them, sees that each is whole, and says how late a paced one is
/// against the clock that it carries (CLOCK_MONOTONIC, which is Stopwatch's).</summary>
internal sealed class LineTally
{
    private double[]? _late;
    private int _taken;

    /// <summary>How many lines of the round are still to come.</summary>
    internal int Left { get; private set; }

    /// <summary>Lines that were cut or run together.</summary>
    internal int Broken { get; private set; }

    internal void BeginRound(int lines, bool isPaced)
    {
        Left = lines;
        _taken = 0;
        _late = isPaced ? new double[lines] : null;
    }

    /// <summary>How late each was, in nanoseconds, sorted.</summary>
    internal double[] Late()
    {
        double[] late = _late![.._taken];
        Array.Sort(late);
        return late;
    }

    internal void Take(ReadOnlySpan<byte> line)
    {
        if (line.Length != LineSender.LineLength - 1)
            Broken++;
        else if (_late is not null && Utf8Parser.TryParse(line, out long stamp, out _))
            NoteLate(stamp);
        Left--;
    }

    internal void Take(ReadOnlySpan<char> line)
    {
        if (line.Length != LineSender.LineLength - 1)
            Broken++;
        else if (_late is not null && line.IndexOf('x') is > 0 and int end && long.TryParse(line[..end], out long stamp))
            NoteLate(stamp);
        Left--;
    }

    /// <summary>Takes the whole lines out of what was received; says how many bytes they had.</summary>
    internal int TakeAll(ReadOnlySpan<byte> received)
    {
        int taken = 0;
        while (received[taken..].IndexOf((byte)'\n') is >= 0 and int length)
        {
            Take(received.Slice(taken, length));
            taken += length + 1;
        }

        return taken;
    }

    /// <inheritdoc cref="TakeAll(ReadOnlySpan{byte})"/>
    internal int TakeAll(ReadOnlySpan<char> received)
    {
        int taken = 0;
        while (received[taken..].IndexOf('\n') is >= 0 and int length)
        {
            Take(received.Slice(taken, length));
            taken += length + 1;
        }

        return taken;
    }

    /// <summary>Takes the whole lines out of what was received; says where the next begins.</summary>
    internal SequencePosition TakeAll(in ReadOnlySequence<byte> received)
    {
        if (received.IsSingleSegment)
            return received.GetPosition(TakeAll(received.FirstSpan));
        SequenceReader<byte> reader = new(received);
        while (reader.TryReadTo(out ReadOnlySpan<byte> line, (byte)'\n'))
            Take(line);
        return reader.Position;
    }

    private void NoteLate(long stamp)
    {
        if (_taken < _late!.Length)
            _late[_taken++] = Stopwatch.GetTimestamp() - stamp;
    }
}
