namespace Sprig.IO.Framing;

/// <summary>Why a <see cref="FrameReader"/> dropped bytes.</summary>
public enum FrameFault
{
    /// <summary>It breaks the rules of the format: a wrong escape, a code that points beyond the end, bytes before a start.</summary>
    Malformed,

    /// <summary>The check behind it is not that of its bytes.</summary>
    BadCheck,

    /// <summary>It is longer than the format's maximum.</summary>
    TooLong,

    /// <summary>The stream ended, the line fell silent, or the device was unplugged and came back, in the middle of it.</summary>
    Truncated,
}
