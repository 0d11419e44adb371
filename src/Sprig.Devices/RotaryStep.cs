using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>One step of a <see cref="RotaryEncoder"/>.</summary>
/// <param name="Timestamp">The kernel's stamp of the edge that made it.</param>
/// <param name="Direction">1 clockwise (A leads B), -1 the other way.</param>
/// <param name="Position">Where the counter is after it.</param>
public readonly record struct RotaryStep(MonotonicTime Timestamp, int Direction, long Position);
