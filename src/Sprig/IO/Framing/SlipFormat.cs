namespace Sprig.IO.Framing;

/// <summary>SLIP, RFC 1055.</summary>
internal sealed class SlipFormat(int maxLength) : FrameFormat(maxLength)
{
    private const byte End = 0xC0;
    private const byte Escape = 0xDB;
    private const byte EscapedEnd = 0xDC;
    private const byte EscapedEscape = 0xDD;

    public override ReadOnlySpan<byte> Boundary => [End];

    public override int GetMaxEncodedLength(int length) => 2 * length + 2;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        if (frame.IsEmpty)
            throw new ArgumentException("SLIP has no empty frames.", nameof(frame));
        // One before it too, as the RFC advises: noise on a line that was idle becomes a frame of its own.
        destination[0] = End;
        int written = 1;
        int run;
        while ((run = frame.IndexOfAny(End, Escape)) >= 0)
        {
            frame[..run].CopyTo(destination[written..]);
            written += run;
            destination[written++] = Escape;
            destination[written++] = frame[run] == End ? EscapedEnd : EscapedEscape;
            frame = frame[(run + 1)..];
        }

        frame.CopyTo(destination[written..]);
        written += frame.Length;
        destination[written] = End;
        return written + 1;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        int end = received[look.Examined..].IndexOf(End);
        if (end < 0)
            return FrameStep.More(received.Length);
        end += look.Examined;
        if (end == 0)
            return FrameStep.Skip(1);
        Span<byte> encoded = received[..end];
        int escape = encoded.IndexOf(Escape);
        if (escape < 0)
            return FrameStep.Frame(0, end, end + 1);
        return IsWellFormed(encoded[escape..])
            ? FrameStep.Frame(0, DecodeInPlace(encoded, escape), end + 1)
            : FrameStep.Drop(end + 1, FrameFault.Malformed);
    }

    // Before anything is moved: what is dropped is shown as it came.
    private static bool IsWellFormed(ReadOnlySpan<byte> encoded)
    {
        int escape;
        while ((escape = encoded.IndexOf(Escape)) >= 0)
        {
            if (escape + 1 == encoded.Length || encoded[escape + 1] is not (EscapedEnd or EscapedEscape))
                return false;
            encoded = encoded[(escape + 2)..];
        }

        return true;
    }

    private static int DecodeInPlace(Span<byte> encoded, int firstEscape)
    {
        int written = firstEscape;
        int read = firstEscape;
        while (true)
        {
            encoded[written++] = encoded[read + 1] == EscapedEnd ? End : Escape;
            read += 2;
            int run = encoded[read..].IndexOf(Escape);
            int length = run < 0 ? encoded.Length - read : run;
            encoded.Slice(read, length).CopyTo(encoded[written..]);
            written += length;
            read += length;
            if (run < 0)
                return written;
        }
    }
}
