namespace Sprig.IO.Framing;

/// <summary>A format where a silence drops what was begun.</summary>
internal sealed class GapFormat : FrameFormat
{
    private readonly FrameFormat _inner;

    internal GapFormat(FrameFormat inner, TimeSpan gap)
        : base(inner.MaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, TimeSpan.FromMicroseconds(1));
        _inner = inner;
        Gap = gap;
    }

    public override TimeSpan Gap { get; }

    public override bool HasBoundaries => _inner.HasBoundaries;

    public override ReadOnlySpan<byte> Boundary => _inner.Boundary;

    public override int GetMaxEncodedLength(int length) => _inner.GetMaxEncodedLength(length);

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination) => _inner.Encode(frame, destination);

    public override FrameStep Decode(Span<byte> received, FrameLook look) => _inner.Decode(received, look);

    protected internal override TimeSpan QuietAfter(int encodedLength) => _inner.QuietAfter(encodedLength);
}
