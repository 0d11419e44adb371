namespace Sprig.Testing.Serial;

/// <summary>What a <see cref="NoisyLine"/> has done in one direction so far.</summary>
/// <param name="Bytes">Bytes that came in.</param>
/// <param name="Dropped">Of these, those that vanished: also in bursts, and while the line was cut.</param>
/// <param name="Corrupted">Of these, those that came out as others.</param>
/// <param name="Inserted">Bytes that came from nowhere.</param>
/// <param name="Bursts">Bursts that have begun.</param>
public readonly record struct NoiseCounts(long Bytes, long Dropped, long Corrupted, long Inserted, long Bursts);
