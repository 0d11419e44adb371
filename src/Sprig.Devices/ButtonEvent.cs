using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>Something that was done with a <see cref="Button"/>.</summary>
/// <param name="Timestamp">When: the kernel's stamp of the edge, or the moment at which a time was over.</param>
/// <param name="HeldFor">How long the button had been down by then; zero for a press.</param>
public readonly record struct ButtonEvent(MonotonicTime Timestamp, TimeSpan HeldFor);
