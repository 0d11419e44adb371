namespace Sprig.IO.Framing;

/// <summary>A format before whose frames a sequence of bytes stands.</summary>
internal sealed class StartFormat : FrameFormat
{
    private readonly FrameFormat _inner;
    private readonly byte[] _start;

    internal StartFormat(FrameFormat inner, ReadOnlySpan<byte> start)
        : base(inner.MaxLength)
    {
        if (start.IsEmpty)
            throw new ArgumentException("A start has at least one byte.", nameof(start));
        _inner = inner;
        _start = start.ToArray();
    }

    public override TimeSpan Gap => _inner.Gap;

    public override bool HasBoundaries => false;

    public override ReadOnlySpan<byte> Boundary => _inner.Boundary;

    public override int GetMaxEncodedLength(int length) => _start.Length + _inner.GetMaxEncodedLength(length);

    public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        _start.CopyTo(destination);
        return _start.Length + _inner.Encode(frame, destination[_start.Length..]);
    }

    public override FrameStep Decode(Span<byte> received, FrameLook look)
    {
        int at = received.IndexOf(_start);
        if (at < 0)
            at = received.Length - BeginningAtEnd(received);
        if (at > 0)
            return FrameStep.Drop(at, FrameFault.Malformed);
        if (received.Length <= _start.Length)
            return FrameStep.More();
        FrameStep step = _inner.Decode(received[_start.Length..], look with { Examined = Math.Max(0, look.Examined - _start.Length) });
        return step.Kind switch
        {
            // No start after all: the next may be within what seemed to follow it.
            FrameStep.StepKind.Drop => FrameStep.Drop(1, step.Fault),
            FrameStep.StepKind.Frame when step.Length > MaxLength => FrameStep.Drop(1, FrameFault.TooLong),
            _ => step.Behind(_start.Length),
        };
    }

    protected internal override TimeSpan QuietAfter(int encodedLength) => _inner.QuietAfter(encodedLength);

    /// <summary>How many bytes at the end may be the beginning of a start.</summary>
    private int BeginningAtEnd(ReadOnlySpan<byte> received)
    {
        int length = Math.Min(received.Length, _start.Length - 1);
        while (!received[^length..].SequenceEqual(_start.AsSpan(0, length)))
            length--;
        return length;
    }
}
