namespace Sprig.Scheduling;

/// <summary>How a coroutine may have ended: what a done callback is for.</summary>
[Flags]
public enum CoroutineOutcomes
{
    /// <summary>Never.</summary>
    None = 0,

    /// <summary>Its body returned: gevent's link_value.</summary>
    Completed = 1,

    /// <summary>Its body threw: gevent's link_exception.</summary>
    Faulted = 2,

    /// <summary>It was killed: neither of the two.</summary>
    Killed = 4,

    /// <summary>However it ended: gevent's link.</summary>
    All = Completed | Faulted | Killed,
}
