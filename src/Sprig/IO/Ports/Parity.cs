namespace Sprig.IO.Ports;

/// <summary>The parity bit of a serial frame.</summary>
public enum Parity
{
    /// <summary>None.</summary>
    None,

    /// <summary>The number of ones, parity included, is odd.</summary>
    Odd,

    /// <summary>The number of ones, parity included, is even.</summary>
    Even,

    /// <summary>Always one.</summary>
    Mark,

    /// <summary>Always zero.</summary>
    Space,
}
