namespace Sprig.IO.Framing;

/// <summary>Whether more bytes may follow those that were received.</summary>
public enum FrameCut
{
    /// <summary>They may: what is incomplete waits for them.</summary>
    None,

    /// <summary>The line was silent for the <see cref="FrameFormat.Gap"/>: what comes next belongs to another frame.</summary>
    Gap,

    /// <summary>The stream has ended.</summary>
    End,
}
