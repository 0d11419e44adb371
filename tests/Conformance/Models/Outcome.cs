namespace Conformance.Models;

/// <summary>How an operation ends.</summary>
internal enum Outcome
{
    Done,

    /// <summary>False, or what the timeout overloads of queues throw; also what a Try that finds nothing gives.</summary>
    NotInTime,
    Killed,
    OutOfTime,
    Cancelled,
    Deadlock,
    Abandoned,
    Stranger,
    Overfull,
    Broken,
    ShutDown,
    TooSlow,
    Misused,
}
