namespace Sprig.IO;

/// <summary>Which changes of an input are waited for.</summary>
[Flags]
public enum GpioEdges
{
    /// <summary>None: the line has no interrupt, and is only read.</summary>
    None = 0,

    /// <summary>From low to high.</summary>
    Rising = 1,

    /// <summary>From high to low.</summary>
    Falling = 2,

    /// <summary>Every change.</summary>
    Both = Rising | Falling,
}
