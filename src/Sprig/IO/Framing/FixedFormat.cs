namespace Sprig.IO.Framing;

/// <summary>Frames of one length.</summary>
internal sealed class FixedFormat(int length) : FrameFormat(length)
{
    public override bool HasBoundaries => false;

    public override int GetMaxEncodedLength(int length) => MaxLength;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        if (frame.Length != MaxLength)
            throw new ArgumentException($"Each frame of this format has {MaxLength} bytes; this one has {frame.Length}.", nameof(frame));
        frame.CopyTo(destination);
        return MaxLength;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
        => received.Length < MaxLength ? FrameStep.More() : FrameStep.Frame(0, MaxLength, MaxLength);
}
