namespace Sprig.Devices.Drivers;

/// <summary>What becomes of an edge that comes while the handler's call for an earlier one has not ended: it is <c>async</c> and awaits.
/// One call of a handler is under way at a time, whatever the choice; other handlers are not held up. A handler that never awaits
/// has ended before the next edge is looked at, and gets every one of them.</summary>
public enum CallbackOverlap
{
    /// <summary>It waits in line: the handler is called for each edge, one after the other, in their order.</summary>
    Queue,

    /// <summary>It is dropped, and counted.</summary>
    Drop,

    /// <summary>The call that is under way is killed: its wait throws <see cref="Scheduling.CoroutineKilledException"/>, and when its
    /// clean-up has ended, the handler is called for the newest edge. Those between are dropped, and counted.</summary>
    Restart,
}
