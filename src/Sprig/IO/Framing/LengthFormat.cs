using System.Buffers.Binary;

namespace Sprig.IO.Framing;

/// <summary>Frames behind their length.</summary>
internal sealed class LengthFormat : FrameFormat
{
    private readonly LengthPrefix _prefix;
    private readonly int _header;
    private readonly bool _isKept;

    internal LengthFormat(LengthPrefix prefix, int maxLength)
        : base(maxLength)
    {
        if (prefix.Size is not (1 or 2 or 4))
            throw new ArgumentOutOfRangeException(nameof(prefix), prefix.Size, "The size of a length is 1, 2 or 4 bytes.");
        if (prefix.Offset is < 0 or > 256)
            throw new ArgumentOutOfRangeException(nameof(prefix), prefix.Offset, "The offset of a length is 0 to 256 bytes.");
        if (prefix.Adjustment is < -1024 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(prefix), prefix.Adjustment, "The adjustment of a length is at most 1024 bytes either way.");
        _prefix = prefix;
        _header = prefix.Offset + prefix.Size;
        _isKept = prefix.IsKept || prefix.Offset > 0;
        if (_isKept)
            ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, _header);
    }

    public override bool HasBoundaries => false;

    public override int GetMaxEncodedLength(int length) => _isKept ? length : _header + length;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        if (_isKept && frame.Length < _header)
            throw new ArgumentException($"A frame of this format begins with {_header} bytes, the length among them; this one has {frame.Length}.", nameof(frame));
        int total = GetMaxEncodedLength(frame.Length);
        long value = total - _header - (long)_prefix.Adjustment;
        if (value < 0 || value >> (_prefix.Size * 8) != 0)
            throw new ArgumentException($"A frame of {frame.Length} bytes does not fit: its length would be written as {value}, in {_prefix.Size} byte(s).", nameof(frame));
        frame.CopyTo(destination[(total - frame.Length)..]);
        WriteValue(destination[_prefix.Offset..], (uint)value);
        return total;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        if (received.Length < _header)
            return FrameStep.More();
        long rest = ReadValue(received[_prefix.Offset..]) + _prefix.Adjustment;
        long length = _isKept ? _header + rest : rest;
        if (rest < 0)
            return FrameStep.Drop(1, FrameFault.Malformed);
        if (length > MaxLength)
            return FrameStep.Drop(1, FrameFault.TooLong);
        int total = _header + (int)rest;
        return received.Length < total ? FrameStep.More() : FrameStep.Frame(total - (int)length, (int)length, total);
    }

    private long ReadValue(ReadOnlySpan<byte> field) => (_prefix.Size, _prefix.LowByteFirst) switch
    {
        (1, _) => field[0],
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(field),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(field),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(field),
        (_, false) => BinaryPrimitives.ReadUInt32BigEndian(field),
    };

    private void WriteValue(Span<byte> field, uint value)
    {
        for (int i = 0; i < _prefix.Size; i++)
        {
            field[_prefix.LowByteFirst ? i : _prefix.Size - 1 - i] = (byte)value;
            value >>= 8;
        }
    }
}
