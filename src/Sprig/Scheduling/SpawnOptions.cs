namespace Sprig.Scheduling;

/// <summary>What can be said of a coroutine when it is spawned.</summary>
public sealed record SpawnOptions
{
    /// <summary>Its name in reports and views; "coroutine-N" unless given.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the run waits for it. Unless given, the children of a daemon are daemons of the same rule, and all
    /// others are none.</summary>
    public DaemonRule? Daemon { get; init; }

    /// <summary>The same with a daemon rule, unless it has one: for who spawns later, and elsewhere, in the name of another.</summary>
    public SpawnOptions WithDaemonUnlessSet(DaemonRule? daemon) => Daemon is null ? this with { Daemon = daemon } : this;
}
