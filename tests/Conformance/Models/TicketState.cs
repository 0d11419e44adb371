namespace Conformance.Models;

/// <summary>How far a wait is.</summary>
internal enum TicketState
{
    Waiting,

    /// <summary>It has got what it waits for; a kill may still take it back.</summary>
    Granted,

    /// <summary>It has got it for good.</summary>
    Settled,
    NotInTime,

    /// <summary>It will throw.</summary>
    Failed,
}
