namespace Sprig.Scheduling;

/// <summary>Whether the run waits for a coroutine, and if not, when it ends it.</summary>
public enum DaemonRule : byte
{
    /// <summary>Not a daemon: the run does not end before it does.</summary>
    NotDaemon,

    /// <summary>As a daemon process: ended when the main coroutine's body has returned, though other coroutines go on.</summary>
    UntilMainReturns,

    /// <summary>As a daemon thread: ended when main and every coroutine that is no daemon have ended.</summary>
    UntilWorkEnds,
}
