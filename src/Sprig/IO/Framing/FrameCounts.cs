namespace Sprig.IO.Framing;

/// <summary>What a <see cref="FrameReader"/> has seen so far. The bytes add up: <see cref="BytesReceived"/> is the sum of
/// <see cref="FrameBytes"/>, <see cref="OverheadBytes"/>, <see cref="DroppedBytes"/> and what the reader still holds.</summary>
/// <remarks>A fault is counted once until the reader is in step again, however many bytes and attempts that takes.</remarks>
public record struct FrameCounts
{
    /// <summary>Bytes read from the stream.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Frames given to the user.</summary>
    public long Frames { get; internal set; }

    /// <summary>The bytes of those frames.</summary>
    public long FrameBytes { get; internal set; }

    /// <summary>What they took on the line beside them: delimiters, lengths, escapes, checks; and delimiters between frames.</summary>
    public long OverheadBytes { get; internal set; }

    /// <summary>Bytes that belonged to no good frame.</summary>
    public long DroppedBytes { get; internal set; }

    /// <summary>How often frames were dropped for a wrong check.</summary>
    public long BadChecks { get; internal set; }

    /// <summary>How often for their length.</summary>
    public long TooLong { get; internal set; }

    /// <summary>How often what came broke the rules of the format.</summary>
    public long Malformed { get; internal set; }

    /// <summary>How often the end of the stream, or a silence, cut a frame off.</summary>
    public long Truncated { get; internal set; }

    /// <summary>All faults together.</summary>
    public long Faults => BadChecks + TooLong + Malformed + Truncated;
}
