namespace Sprig.IO.Framing;

/// <summary>What <see cref="FrameFormat.Decode"/> found at the beginning of the received bytes.</summary>
public readonly struct FrameStep
{
    private FrameStep(StepKind kind, int consumed, int offset = 0, int length = 0, FrameFault fault = default)
    {
        Kind = kind;
        Consumed = consumed;
        Offset = offset;
        Length = length;
        Fault = fault;
    }

    internal enum StepKind : byte
    {
        More,
        Frame,
        Skip,
        Drop,
    }

    internal StepKind Kind { get; }

    /// <summary>For More: how many were examined.</summary>
    internal int Consumed { get; }

    internal int Offset { get; }

    internal int Length { get; }

    internal FrameFault Fault { get; }

    /// <summary>No whole frame yet.</summary>
    /// <param name="examined">So many bytes need not be looked at again when more have come.</param>
    public static FrameStep More(int examined = 0) => new(StepKind.More, examined);

    /// <summary>A frame, which lies in the received bytes: where it was, or where it was decoded to.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="consumed">How many bytes it took on the line.</param>
    public static FrameStep Frame(int offset, int length, int consumed) => new(StepKind.Frame, consumed, offset, length);

    /// <summary>Bytes that mean nothing and are no fault: an empty line of a format that has none.</summary>
    public static FrameStep Skip(int consumed) => new(StepKind.Skip, consumed);

    /// <summary>Bytes that are no frame.</summary>
    /// <param name="consumed">How many.</param>
    /// <param name="fault">Why not.</param>
    public static FrameStep Drop(int consumed, FrameFault fault) => new(StepKind.Drop, consumed, 0, consumed, fault);

    /// <summary>A frame that is to be dropped whole; it is shown as it was decoded.</summary>
    internal FrameStep ToDrop(FrameFault fault) => new(StepKind.Drop, Consumed, Offset, Length, fault);

    /// <summary>The same, seen from the beginning of something that stands before it.</summary>
    internal FrameStep Behind(int before) => new(Kind, Consumed + before, Offset + before, Length, Fault);

    internal FrameStep WithLength(int length) => new(Kind, Consumed, Offset, length, Fault);
}
