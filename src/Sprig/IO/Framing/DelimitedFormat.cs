namespace Sprig.IO.Framing;

/// <summary>Frames that each end with a sequence of bytes.</summary>
internal sealed class DelimitedFormat : FrameFormat
{
    private readonly byte[] _delimiter;

    internal DelimitedFormat(ReadOnlySpan<byte> delimiter, int maxLength)
        : base(maxLength)
    {
        if (delimiter.IsEmpty)
            throw new ArgumentException("A delimiter has at least one byte.", nameof(delimiter));
        _delimiter = delimiter.ToArray();
    }

    public override ReadOnlySpan<byte> Boundary => _delimiter;

    public override int GetMaxEncodedLength(int length) => length + _delimiter.Length;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        int total = frame.Length + _delimiter.Length;
        frame.CopyTo(destination);
        _delimiter.CopyTo(destination[frame.Length..]);
        // In the whole: the end of the frame and the beginning of the delimiter may make one together.
        return destination[..total].IndexOf(_delimiter) == frame.Length ? total
            : throw new ArgumentException("The frame holds the delimiter, or one would begin in it; choose another, or a format that escapes (COBS, SLIP).", nameof(frame));
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        int at = received[look.Examined..].IndexOf(_delimiter);
        if (at < 0)
            return FrameStep.More(Math.Max(look.Examined, received.Length - _delimiter.Length + 1));
        at += look.Examined;
        return FrameStep.Frame(0, at, at + _delimiter.Length);
    }
}
