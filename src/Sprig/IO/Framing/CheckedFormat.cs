using System.Buffers;

namespace Sprig.IO.Framing;

/// <summary>A format whose frames end with a check value.</summary>
internal sealed class CheckedFormat : FrameFormat
{
    private readonly FrameFormat _inner;
    private readonly FrameCheck _check;

    internal CheckedFormat(FrameFormat inner, FrameCheck check)
        : base(LengthWithin(inner, check))
    {
        _inner = inner;
        _check = check;
    }

    public override TimeSpan Gap => _inner.Gap;

    public override bool HasBoundaries => _inner.HasBoundaries;

    public override ReadOnlySpan<byte> Boundary => _inner.Boundary;

    public override int GetMaxEncodedLength(int length) => _inner.GetMaxEncodedLength(length + _check.Size);

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        const int OnStack = 512;
        int total = frame.Length + _check.Size;
        byte[]? rented = total > OnStack ? ArrayPool<byte>.Shared.Rent(total) : null;
        Span<byte> whole = (rented ?? stackalloc byte[OnStack])[..total];
        try
        {
            frame.CopyTo(whole);
            _check.Write(frame, whole[frame.Length..]);
            return _inner.Encode(whole, destination);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        FrameStep step = _inner.Decode(received, look);
        if (step.Kind == FrameStep.StepKind.More)
        {
            // What was taken for the length of this one may be noise that hides whole frames: the check tells them.
            return look.Cut == FrameCut.None || HasBoundaries ? step : FrameStep.Drop(1, FrameFault.Truncated);
        }

        if (step.Kind != FrameStep.StepKind.Frame || step.Length > _inner.MaxLength)
            return step;
        ReadOnlySpan<byte> whole = received.Slice(step.Offset, step.Length);
        int length = whole.Length - _check.Size;
        if (length >= 0 && _check.Matches(whole[..length], whole[length..]))
            return step.WithLength(length);
        return HasBoundaries ? step.ToDrop(FrameFault.BadCheck) : FrameStep.Drop(1, FrameFault.BadCheck);
    }

    protected internal override TimeSpan QuietAfter(int encodedLength) => _inner.QuietAfter(encodedLength);

    private static int LengthWithin(FrameFormat inner, FrameCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return inner.MaxLength > check.Size ? inner.MaxLength - check.Size
            : throw new ArgumentException($"A frame of at most {inner.MaxLength} bytes has no room for a check of {check.Size}.", nameof(check));
    }
}
