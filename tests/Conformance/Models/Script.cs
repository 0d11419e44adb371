namespace Conformance.Models;

/// <summary>A generated program.</summary>
/// <param name="Seed">Of the schedule: in which order those that are ready run. Every fourth is first come first served.</param>
/// <param name="Variant">Picks the primitive's capacity and the like.</param>
/// <param name="Parts">What each actor does.</param>
internal sealed record Script(int Seed, int Variant, Step[][] Parts)
{
    internal int? RandomSeed => Seed % 4 == 0 ? null : Seed;

    public override string ToString()
        => $"schedule {(RandomSeed is { } seed ? seed : "in order")}, variant {Variant}"
            + string.Concat(Parts.Select((steps, i) => $"{Environment.NewLine}  a{i}: {string.Join(" ", steps)}"));
}
