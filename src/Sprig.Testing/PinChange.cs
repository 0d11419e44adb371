using Sprig.Scheduling;

namespace Sprig.Testing;

/// <summary>One change of level on a <see cref="SimulatedBoard"/>.</summary>
/// <param name="Time">When, by the clock of the run.</param>
/// <param name="Line">Which line.</param>
/// <param name="Level">The level that it has from now on.</param>
public readonly record struct PinChange(MonotonicTime Time, int Line, bool Level);
