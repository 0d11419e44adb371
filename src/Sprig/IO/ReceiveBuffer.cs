namespace Sprig.IO;

/// <summary>What was received and not taken, in one piece. Grows to what comes at once, and further where what is kept needs it.</summary>
internal struct ReceiveBuffer()
{
    private const int FirstSize = 1024;

    /// <summary>Room for what a tty gives at once, 4095 bytes, behind the beginning of a line.</summary>
    private const int ReadAheadSize = 8192;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    internal readonly int Length => _end - _start;

    internal readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    internal readonly ReadOnlyMemory<byte> Memory => _bytes.AsMemory(_start, Length);

    /// <summary>Room for the next read, at its end. Moves what is kept to the front.</summary>
    internal Memory<byte> GetRoom()
    {
        int kept = Length;
        byte[] old = _bytes;
        // One that a read has filled is too small for what comes at once; what fills most of it needs more in any case.
        if (_end == old.Length && (_end < ReadAheadSize || kept > _end / 2))
            _bytes = new byte[Math.Max(FirstSize, _end * 2)];
        if (_start > 0 || _bytes != old)
        {
            old.AsSpan(_start, kept).CopyTo(_bytes);
            (_start, _end) = (0, kept);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes have come into the room.</summary>
    internal void Advance(int count) => _end += count;

    /// <summary>So many bytes at the beginning are taken.</summary>
    internal void Take(int count) => _start += count;

    /// <summary>Takes all.</summary>
    internal void Clear() => _start = _end;
}
