namespace Sprig.IO.Framing;

/// <summary>A frame is what comes between two silences.</summary>
internal sealed class IdleGapFormat : FrameFormat
{
    private readonly TimeSpan _characterTime;

    internal IdleGapFormat(TimeSpan gap, int maxLength, TimeSpan characterTime)
        : base(maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, TimeSpan.FromMicroseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(characterTime, TimeSpan.Zero);
        Gap = gap;
        _characterTime = characterTime;
    }

    public override TimeSpan Gap { get; }

    public override int GetMaxEncodedLength(int length) => length;

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        if (frame.IsEmpty)
            throw new ArgumentException("An empty frame can't be told from silence.", nameof(frame));
        frame.CopyTo(destination);
        return frame.Length;
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
        => look.Cut == FrameCut.None ? FrameStep.More(received.Length) : FrameStep.Frame(0, received.Length, received.Length);

    protected internal override TimeSpan QuietAfter(int encodedLength) => Gap + _characterTime * encodedLength;
}
