namespace Sprig.IO;

/// <summary>By which clock the edges of a line are stamped.</summary>
public enum GpioClock : byte
{
    /// <summary>The one of the loop's timers and of <see cref="Scheduling.MonotonicTime"/>: never jumps.</summary>
    Monotonic,

    /// <summary>The wall's: for logs that are compared between machines. It jumps when the time is set.</summary>
    Realtime,

    /// <summary>A counter of the hardware's own, where the chip has a timestamp engine; comparable to nothing else.</summary>
    Hardware,
}
