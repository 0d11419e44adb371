using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>One change of an input line, as the kernel saw it.</summary>
/// <param name="Line">The line's offset in its chip.</param>
/// <param name="IsRising">Whether it went from low to high (from inactive to active).</param>
/// <param name="Timestamp">When, taken in the interrupt: comparable to <see cref="MonotonicTime.Now"/>.</param>
/// <param name="Sequence">Counts this line's edges from 1; a gap is a lost edge.</param>
public readonly record struct GpioEdge(int Line, bool IsRising, MonotonicTime Timestamp, uint Sequence);
