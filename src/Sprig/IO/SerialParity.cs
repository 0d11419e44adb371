namespace Sprig.IO;

/// <summary>The parity bit of a serial frame.</summary>
public enum SerialParity
{
    /// <summary>None.</summary>
    None,

    /// <summary>The number of ones, parity included, is odd.</summary>
    Odd,

    /// <summary>The number of ones, parity included, is even.</summary>
    Even,
}
