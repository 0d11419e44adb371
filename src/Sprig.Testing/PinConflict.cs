using Sprig.Scheduling;

namespace Sprig.Testing;

/// <summary>Something drove a net high while something else drove it low: on a real board, a short circuit.</summary>
/// <param name="Time">Since when, by the clock of the run.</param>
/// <param name="What">Who against whom, in words.</param>
public readonly record struct PinConflict(MonotonicTime Time, string What);
