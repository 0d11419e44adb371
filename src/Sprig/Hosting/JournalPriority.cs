namespace Sprig.Hosting;

/// <summary>How much an entry of the journal matters: syslog's levels.</summary>
public enum JournalPriority
{
    /// <summary>The machine is unusable.</summary>
    Emergency,

    /// <summary>Somebody must act at once.</summary>
    Alert,

    /// <summary>A part of the machine has failed.</summary>
    Critical,

    /// <summary>Something that was to be done was not.</summary>
    Error,

    /// <summary>Something may go wrong soon.</summary>
    Warning,

    /// <summary>Unusual, and in order.</summary>
    Notice,

    /// <summary>What happens all day.</summary>
    Info,

    /// <summary>For whoever looks for a fault.</summary>
    Debug,
}
