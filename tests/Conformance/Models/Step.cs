namespace Conformance.Models;

/// <summary>One thing that an actor does.</summary>
/// <param name="What">A pause, a kill, or an operation of the primitive.</param>
/// <param name="Way">Where it waits.</param>
/// <param name="Limit">Of the way, or the length of a pause, in milliseconds.</param>
/// <param name="Pick">Which one: of the actors, the locks, the priorities, as it needs.</param>
internal readonly record struct Step(string What, Way Way, int Limit, int Pick)
{
    public override string ToString() => $"{What}({Way}, {Limit}, {Pick})";
}
