namespace Sprig.IO.Framing;

/// <summary>Frames behind their length, 7 bits a byte.</summary>
internal sealed class VarintFormat(int maxLength) : FrameFormat(maxLength)
{
    /// <summary>For 32 bits.</summary>
    private const int LongestPrefix = 5;

    public override bool HasBoundaries => false;

    public override int GetMaxEncodedLength(int length) => LongestPrefix + length;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        int at = 0;
        uint left = (uint)frame.Length;
        for (; left > 0x7F; left >>= 7)
            destination[at++] = (byte)(left | 0x80);
        destination[at++] = (byte)left;
        frame.CopyTo(destination[at..]);
        return at + frame.Length;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        long length = 0;
        for (int i = 0; i < LongestPrefix; i++)
        {
            if (i == received.Length)
                return FrameStep.More();
            length |= (long)(received[i] & 0x7F) << (7 * i);
            if ((received[i] & 0x80) != 0)
                continue;
            if (length > MaxLength)
                return FrameStep.Drop(1, FrameFault.TooLong);
            int total = i + 1 + (int)length;
            return received.Length < total ? FrameStep.More() : FrameStep.Frame(i + 1, (int)length, total);
        }

        return FrameStep.Drop(1, FrameFault.Malformed);
    }
}
