namespace Sprig.Scheduling;

/// <summary>How a run behaves.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Virtual time for tests; the machine's monotonic clock when null.</summary>
    public VirtualClock? Clock { get; init; }

    /// <summary>How long the clean-up of a killed coroutine may take before its waits throw and it is reported. Five seconds
    /// unless set; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it likes.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing may happen before what looks like a deadlock is called one, where the loop can't be sure (the
    /// wait is in a method that a body called, and another flow of it may await something foreign). Five seconds unless set;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: for ever. On a virtual clock its <see cref="VirtualClock.OutsidePatience"/>.</summary>
    public TimeSpan DeadlockPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether SIGINT and SIGTERM kill main and bring the run to its orderly end. True unless set; never on a
    /// virtual clock.</summary>
    public bool HandleSignals { get; init; } = true;

    /// <summary>Runs what is ready in a random order that is drawn from this seed, to find the orders that break a program; the
    /// same seed gives the same order each time, on every machine, where nothing outside the run takes part. First come first
    /// served when null. Whatever the order, posts and done callbacks come in their own, and waiters are served first come
    /// first served.</summary>
    public int? RandomSeed { get; init; }

    /// <summary>Is told of what a run would otherwise keep to itself.</summary>
    public SchedulerObserver? Observer { get; init; }

    /// <summary>Where failures that nobody looked at and stragglers are written; standard error when null.</summary>
    public TextWriter? ErrorOutput { get; init; }
}
