using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>Something was done with a watched line.</summary>
/// <param name="Kind">What.</param>
/// <param name="Info">The line as it is since then.</param>
/// <param name="Timestamp">When, by the kernel.</param>
public readonly record struct GpioLineChange(GpioLineChangeKind Kind, GpioLineInfo Info, MonotonicTime Timestamp);
