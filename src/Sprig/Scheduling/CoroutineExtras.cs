using System.Runtime.InteropServices;
using Sprig.Polling;

namespace Sprig.Scheduling;

/// <summary>What few coroutines have, kept apart so that the many others stay small: a spawned, sleeping, joined coroutine
/// without a deadline, a kill or a failure needs none of it.</summary>
internal sealed class CoroutineExtras
{
    internal WaitQueue? Joiners { get; set; }

    internal List<EndListener>? Listeners { get; set; }

    internal Deadline? InnermostDeadline { get; set; }

    internal CancellationTokenSource? KillToken { get; set; }

    internal PosixSignal? KillSignal { get; set; }

    /// <summary>The locks that it holds, the last one first.</summary>
    internal Hold? Holds { get; set; }

    /// <summary>Those that it thinks it holds, and how often.</summary>
    internal Dictionary<IOwned, int>? LostLocks { get; set; }

    internal FailureRecord? FailureRecord { get; set; }

    internal FailureRecord.Sentinel? FailureSentinel { get; set; }

    /// <summary>Its values of each <see cref="CoroutineLocal{T}"/>; none once it has ended.</summary>
    internal LocalSlot? Locals { get; set; }

    /// <summary>Where the symmetric coroutines that it runs switch.</summary>
    internal Switchboard? Switchboard { get; set; }

    /// <summary>SpawnAfter: until its delay is over.</summary>
    internal Waiter? StartTimer { get; set; }

    /// <summary>Killed: until its grace time is over.</summary>
    internal Waiter? Grace { get; set; }
}
