namespace Sprig.IO;

/// <summary>Which way a line goes.</summary>
public enum GpioDirection
{
    /// <summary>As the chip was set before: to look at a line without touching it.</summary>
    AsIs,

    /// <summary>It is read; something else drives it.</summary>
    Input,

    /// <summary>It drives.</summary>
    Output,
}
