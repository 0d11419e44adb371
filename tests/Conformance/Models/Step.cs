namespace Conformance.Models;

/// <summary>How a wait is limited.</summary>
internal enum Way
{
    /// <summary>Not at all: it ends when what is waited for has come, or by a kill.</summary>
    Plain,

    /// <summary>By the timeout overload; by a deadline where there is none.</summary>
    Timeout,

    /// <summary>By a deadline around it.</summary>
    Deadline,

    /// <summary>By a token that another actor may cancel.</summary>
    Token,
}

/// <summary>One thing that an actor does.</summary>
/// <param name="What">A pause, a kill, or an operation of the primitive.</param>
/// <param name="Way">Where it waits.</param>
/// <param name="Limit">Of the way, or the length of a pause, in milliseconds.</param>
/// <param name="Pick">Which one: of the actors, the locks, the priorities, as it needs.</param>
internal readonly record struct Step(string What, Way Way, int Limit, int Pick)
{
    public override string ToString() => $"{What}({Way}, {Limit}, {Pick})";
}
