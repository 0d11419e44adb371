namespace Sprig.IO.Links;

/// <summary>The receiving half of a session: a ring of bytes, and which of them have come. Positions count the bytes of the
/// session from 0; the end of the stream takes a position of its own after the last byte.</summary>
internal sealed class ReceiveWindow(int capacity)
{
    /// <summary>So many islands at most: one more is refused, as if it had been lost.</summary>
    private const int MaxRanges = 512;

    private readonly byte[] _ring = new byte[capacity];
    private readonly (long Start, long End)[] _ranges = new (long, long)[MaxRanges];
    private long _end = long.MaxValue;

    /// <summary>All before this position has come.</summary>
    internal long Received { get; private set; }

    /// <summary>All before this position was read.</summary>
    internal long Taken { get; private set; }

    /// <summary>The first position there is no room for.</summary>
    internal long Edge => Taken + capacity;

    /// <summary>What has come beyond <see cref="Received"/>, in order; the pieces do not touch.</summary>
    internal ReadOnlySpan<(long Start, long End)> Ranges => _ranges.AsSpan(0, RangeCount);

    internal int RangeCount { get; private set; }

    /// <summary>How many bytes can be read now.</summary>
    internal int Available => (int)(Math.Min(Received, _end) - Taken);

    /// <summary>Whether all bytes and the end after them have come.</summary>
    internal bool IsWhole => Received > _end;

    /// <summary>Whether all was read, up to the end.</summary>
    internal bool IsAtEnd => Taken == _end;

    /// <summary>Takes a piece in. False when there is nothing new in it, or no room for it.</summary>
    /// <param name="start">Its position.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="isLast">Whether the end follows it.</param>
    internal bool Accept(long start, ReadOnlySpan<byte> data, bool isLast)
    {
        long dataEnd = start + data.Length;
        long end = isLast ? dataEnd + 1 : dataEnd;
        if (dataEnd > Edge || dataEnd > _end || end <= Received || (isLast && _end != long.MaxValue && _end != dataEnd))
            return false;
        if (start < Received)
        {
            data = data[(int)Math.Min(Received - start, data.Length)..];
            start = Received;
        }

        if (!Note(start, end))
            return false;
        if (isLast)
            _end = dataEnd;
        int at = (int)(start % capacity);
        int first = Math.Min(data.Length, capacity - at);
        data[..first].CopyTo(_ring.AsSpan(at));
        data[first..].CopyTo(_ring);
        return true;
    }

    /// <summary>Reads what is there, as much as fits.</summary>
    internal int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, Available);
        int at = (int)(Taken % capacity);
        int first = Math.Min(count, capacity - at);
        _ring.AsSpan(at, first).CopyTo(buffer);
        _ring.AsSpan(0, count - first).CopyTo(buffer[first..]);
        Taken += count;
        return count;
    }

    /// <summary>Notes that [start, end) has come; false when all of it had, or there are too many islands.</summary>
    private bool Note(long start, long end)
    {
        // The usual case: the next one in order.
        if (start == Received && (RangeCount == 0 || end < _ranges[0].Start))
        {
            Received = end;
            return true;
        }

        int first = 0;
        while (first < RangeCount && _ranges[first].End < start)
            first++;
        int after = first;
        while (after < RangeCount && _ranges[after].Start <= end)
            after++;
        if (first == after)
            return Insert(first, start, end);
        if (_ranges[first].Start <= start && _ranges[first].End >= end)
            return false;
        _ranges[first] = (Math.Min(start, _ranges[first].Start), Math.Max(end, _ranges[after - 1].End));
        Remove(first + 1, after);
        if (_ranges[0].Start <= Received)
        {
            Received = _ranges[0].End;
            Remove(0, 1);
        }

        return true;
    }

    private bool Insert(int index, long start, long end)
    {
        if (RangeCount == MaxRanges)
            return false;
        Array.Copy(_ranges, index, _ranges, index + 1, RangeCount - index);
        _ranges[index] = (start, end);
        RangeCount++;
        return true;
    }

    private void Remove(int from, int to)
    {
        Array.Copy(_ranges, to, _ranges, from, RangeCount - to);
        RangeCount -= to - from;
    }
}
