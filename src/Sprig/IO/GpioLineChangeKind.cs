namespace Sprig.IO;

/// <summary>What was done with a line.</summary>
public enum GpioLineChangeKind
{
    /// <summary>Somebody has taken it.</summary>
    Requested = 1,

    /// <summary>It was given back.</summary>
    Released = 2,

    /// <summary>Its holder has set it anew.</summary>
    Reconfigured = 3,
}
