namespace Sprig.IO.Framing;

/// <summary>Consistent overhead byte stuffing (Cheshire and Baker 1999), with a zero behind each frame.</summary>
/// <remarks>A code byte n stands before n - 1 bytes that are not zero, and for the zero behind them; but 255 stands for 254 bytes
/// and no zero, and the last one's zero is not meant.</remarks>
internal sealed class CobsFormat(int maxLength) : FrameFormat(maxLength)
{
    private const int LongestRun = 254;

    public override ReadOnlySpan<byte> Boundary => [0];

    public override int GetMaxEncodedLength(int length) => length + length / LongestRun + 2;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int run = frame[..Math.Min(frame.Length, LongestRun)].IndexOf((byte)0);
            bool zero = run >= 0;
            if (!zero)
                run = Math.Min(frame.Length, LongestRun);
            destination[written] = (byte)(run + 1);
            frame[..run].CopyTo(destination[(written + 1)..]);
            written += run + 1;
            // Behind a zero there is always a code, if only for nothing; behind a full run that ends the frame there is none.
            frame = frame[(zero ? run + 1 : run)..];
            if (!zero && frame.IsEmpty)
                break;
        }

        destination[written] = 0;
        return written + 1;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        int end = received[look.Examined..].IndexOf((byte)0);
        if (end < 0)
            return FrameStep.More(received.Length);
        end += look.Examined;
        // Zeros between frames: what a writer sends to be on the safe side.
        if (end == 0)
            return FrameStep.Skip(1);
        Span<byte> encoded = received[..end];
        return IsWellFormed(encoded) ? FrameStep.Frame(0, DecodeInPlace(encoded), end + 1) : FrameStep.Drop(end + 1, FrameFault.Malformed);
    }

    // Before anything is moved: what is dropped is shown as it came. It touches a byte in each run.
    private static bool IsWellFormed(ReadOnlySpan<byte> encoded)
    {
        int at = 0;
        while (at < encoded.Length)
            at += encoded[at];
        return at == encoded.Length;
    }

    private static int DecodeInPlace(Span<byte> encoded)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            int code = encoded[read];
            encoded.Slice(read + 1, code - 1).CopyTo(encoded[written..]);
            written += code - 1;
            read += code;
            if (read == encoded.Length)
                return written;
            if (code <= LongestRun)
                encoded[written++] = 0;
        }
    }
}
