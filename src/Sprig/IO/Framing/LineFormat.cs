namespace Sprig.IO.Framing;

/// <summary>Lines: up to LF, without a CR before it.</summary>
internal sealed class LineFormat(int maxLength, bool crLf) : FrameFormat(maxLength)
{
    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    public override ReadOnlySpan<byte> Boundary => "\n"u8;

    // Read with CR and LF, whatever is written.
    public override int GetMaxEncodedLength(int length) => length + 2;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        if (frame.Contains(Lf))
            throw new ArgumentException("A line holds no LF: it would be two.", nameof(frame));
        if (frame is [.., Cr])
            throw new ArgumentException("A line does not end with CR: who reads it takes that for a part of the line's end.", nameof(frame));
        frame.CopyTo(destination);
        ReadOnlySpan<byte> end = crLf ? "\r\n"u8 : "\n"u8;
        end.CopyTo(destination[frame.Length..]);
        return frame.Length + end.Length;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        int at = received[look.Examined..].IndexOf(Lf);
        if (at >= 0)
            return Line(received[..(at + look.Examined)], 1);
        // As LineReader has it: a file may end without LF.
        return look.Cut == FrameCut.End ? Line(received, 0) : FrameStep.More(received.Length);
    }

    private static FrameStep Line(ReadOnlySpan<byte> line, int end)
        => FrameStep.Frame(0, line is [.., Cr] ? line.Length - 1 : line.Length, line.Length + end);
}
