using Sprig.Scheduling;

namespace Conformance.Models;

/// <summary>One coroutine of a script.</summary>
internal sealed class Actor(int index)
{
    internal int Index => index;

    internal string Name { get; } = $"a{index}";

    internal Coroutine Coroutine { get; set; } = null!;

    /// <summary>Its present operation.</summary>
    internal Ticket? Ticket { get; set; }

    internal CancellationTokenSource? Source { get; set; }

    internal bool HasBegun { get; set; }

    internal bool IsOver { get; set; }

    internal bool IsKilled { get; set; }

    internal bool IsKillDelivered { get; set; }

    /// <summary>Killed, and its next wait is to say so.</summary>
    internal bool IsKillDue => IsKilled && !IsKillDelivered;

    /// <summary>It ends without letting go of what it holds.</summary>
    internal bool IsSloppy { get; set; }

    /// <summary>It did so.</summary>
    internal bool HasAbandoned { get; set; }
}
