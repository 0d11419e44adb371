namespace Sprig.IO;

/// <summary>What holds an input that nothing drives.</summary>
public enum GpioBias
{
    /// <summary>As the chip was set before.</summary>
    AsIs,

    /// <summary>Nothing: it floats.</summary>
    None,

    /// <summary>The chip's resistor to high: for a button to ground.</summary>
    PullUp,

    /// <summary>The chip's resistor to low: for a button to the supply.</summary>
    PullDown,
}
