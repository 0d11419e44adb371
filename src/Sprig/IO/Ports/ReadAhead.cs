namespace Sprig.IO.Ports;

/// <summary>Bytes that were received and not taken yet: one for all the ways of reading a port, so that none loses what another has read
/// ahead. Guarded by who has it.</summary>
internal sealed class ReadAhead(int size)
{
    private byte[]? _bytes;
    private int _start;
    private int _end;
    private int _cut;

    /// <summary>How many there are.</summary>
    internal int Count => _end - _start;

    internal ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, Count);

    /// <summary>Some are from before the device was unplugged.</summary>
    internal bool IsCut => _cut > _start;

    /// <summary>Those, if there are such; else all.</summary>
    internal ReadOnlySpan<byte> First => _bytes.AsSpan(_start, IsCut ? _cut - _start : Count);

    /// <summary>Room behind them, at least so many.</summary>
    internal Span<byte> Room(int atLeast)
    {
        _bytes ??= new byte[size];
        if (_start == _end)
            _start = _end = _cut = 0;
        if (_bytes.Length - _end >= atLeast)
            return _bytes.AsSpan(_end);
        byte[] target = _bytes.Length - Count >= Math.Max(atLeast, Count) ? _bytes : new byte[Math.Max(_bytes.Length * 2, Count + atLeast)];
        Unread.CopyTo(target);
        (_bytes, _start, _end, _cut) = (target, 0, Count, IsCut ? _cut - _start : 0);
        return _bytes.AsSpan(_end);
    }

    /// <summary>So many were put into the room.</summary>
    internal void Add(int count) => _end += count;

    /// <summary>The first are taken.</summary>
    internal void Skip(int count) => _start += count;

    /// <summary>What comes from now on is of another conversation.</summary>
    internal void Cut() => _cut = _end;

    /// <summary>Moves as many as there are and fit, of one conversation.</summary>
    internal int Take(Span<byte> buffer)
    {
        int count = Math.Min(First.Length, buffer.Length);
        First[..count].CopyTo(buffer);
        Skip(count);
        return count;
    }

    internal void Clear() => _start = _end = _cut = 0;
}
