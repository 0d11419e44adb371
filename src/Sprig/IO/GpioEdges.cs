namespace Sprig.IO;

/// <summary>Which changes of an input are waited for.</summary>
[Flags]
public enum GpioEdges
{
    /// <summary>From low to high.</summary>
    Rising = 1,

    /// <summary>From high to low.</summary>
    Falling = 2,

    /// <summary>Every change.</summary>
    Both = Rising | Falling,
}
