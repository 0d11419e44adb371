using System.Buffers.Binary;

namespace Sprig.IO.Links;

/// <summary>What has come, as a frame says it.</summary>
/// <remarks>The position up to which all has come (its low 16 bits), the room beyond it (16 bits), and where pieces have come
/// out of order: a byte with their number and what the list covers, then for each the distance from the end of the one before
/// and its length, in 7-bit groups. Within what it covers the list is complete: what lies between two pieces has not come.</remarks>
internal ref struct LinkAck
{
    internal const int PlainSize = 4;
    internal const int MaxRanges = 15;
    private const int CountMask = 0x0F;
    private const int FromStart = 0x80;
    private const int ToEnd = 0x40;

    private ReadOnlySpan<byte> _rest;
    private int _left;
    private uint _position;

    /// <summary>The low bits of the position up to which all has come.</summary>
    internal ushort Received { get; private set; }

    /// <summary>Bytes of room beyond it.</summary>
    internal int Window { get; private set; }

    /// <summary>Whether nothing has come between <see cref="Received"/> and the first piece.</summary>
    internal bool CoversStart { get; private set; }

    /// <summary>Whether nothing has come after the last piece.</summary>
    internal bool CoversEnd { get; private set; }

    /// <summary>Writes one that lists up to <paramref name="count"/> pieces from number <paramref name="first"/> on.</summary>
    /// <returns>The bytes written.</returns>
    internal static int Write(Span<byte> body, ReceiveWindow window, int first, int count)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)window.Received);
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], (ushort)Math.Max(0, window.Edge - window.Received));
        if (window.RangeCount == 0)
            return PlainSize;
        body[PlainSize] = (byte)(count | (first == 0 ? FromStart : 0) | (first + count == window.RangeCount ? ToEnd : 0));
        int at = PlainSize + 1;
        long position = window.Received;
        foreach ((long start, long end) in window.Ranges.Slice(first, count))
        {
            at += WriteNumber(body[at..], (uint)(start - position));
            at += WriteNumber(body[at..], (uint)(end - start));
            position = end;
        }

        return at;
    }

    /// <summary>Takes one off the front of a body.</summary>
    internal static bool TryRead(ref ReadOnlySpan<byte> body, bool hasRanges, out LinkAck ack)
    {
        ack = default;
        if (body.Length < PlainSize + (hasRanges ? 1 : 0))
            return false;
        ack.Received = BinaryPrimitives.ReadUInt16LittleEndian(body);
        ack.Window = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        ack.CoversStart = ack.CoversEnd = true;
        body = body[PlainSize..];
        if (!hasRanges)
            return true;
        ack.CoversStart = (body[0] & FromStart) != 0;
        ack.CoversEnd = (body[0] & ToEnd) != 0;
        ack._left = body[0] & CountMask;
        ack._rest = body = body[1..];
        for (int i = 0; i < 2 * ack._left; i++)
        {
            if (!TryReadNumber(ref body, out _))
                return false;
        }

        return true;
    }

    /// <summary>The next piece, as distances from <see cref="Received"/>.</summary>
    internal bool TryNext(out uint start, out uint end)
    {
        start = end = 0;
        if (_left == 0)
            return false;
        _left--;
        TryReadNumber(ref _rest, out uint gap);
        TryReadNumber(ref _rest, out uint length);
        start = _position + gap;
        end = _position = start + length;
        return true;
    }

    private static int WriteNumber(Span<byte> body, uint value)
    {
        int at = 0;
        for (; value > 0x7F; value >>= 7)
            body[at++] = (byte)(value | 0x80);
        body[at++] = (byte)value;
        return at;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> body, out uint value)
    {
        value = 0;
        for (int i = 0; i < body.Length && i < 3; i++)
        {
            value |= (uint)(body[i] & 0x7F) << (7 * i);
            if (body[i] > 0x7F)
                continue;
            body = body[(i + 1)..];
            return true;
        }

        return false;
    }
}
