namespace Sprig.Devices.Buses;

/// <summary>How late the edges of a <see cref="LoopPwmChannel"/> came: its jitter.</summary>
/// <param name="Edges">How many there were.</param>
/// <param name="Max">The latest one.</param>
/// <param name="Mean">Of all of them.</param>
/// <param name="SkippedPeriods">Periods that were left out because the loop came back too late for them.</param>
public readonly record struct PwmLateness(long Edges, TimeSpan Max, TimeSpan Mean, long SkippedPeriods);
