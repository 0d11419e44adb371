namespace Sprig.IO.Ports;

/// <summary>The stop bits of a serial frame.</summary>
public enum StopBits
{
    /// <summary>No frame has none: it is there for the numbers of System.IO.Ports, and refused.</summary>
    None,

    /// <summary>One.</summary>
    One,

    /// <summary>Two.</summary>
    Two,

    /// <summary>One and a half: with 5 data bits alone, where the hardware makes that of two.</summary>
    OnePointFive,
}
