namespace Sprig.Scheduling;

/// <summary>The thread that <see cref="CoroutineScheduler.Start"/> makes, and the run on it.</summary>
public sealed record SchedulerThreadOptions
{
    /// <summary>The thread's name, and that of its main coroutine; "scheduler-N" unless given. The kernel shows its first 15
    /// bytes (top -H, /proc/PID/task/TID/comm).</summary>
    public string? Name { get; init; }

    /// <summary>The numbers of the processors it may run on, from 0; null: those of the thread that starts it. What it starts
    /// itself (threads of the pool, child processes) may run on the same.</summary>
    public IReadOnlyCollection<int>? CpuAffinity { get; init; }

    /// <summary>A real-time priority, 1 to 99 (SCHED_FIFO): it runs before every ordinary thread of the machine, so that a beat
    /// is kept under load; null: an ordinary thread. Needs CAP_SYS_NICE, or a limit (LimitRTPRIO=). What it starts is ordinary
    /// again. The kernel stops even such a thread for 50 ms in each second that it spends without a pause.</summary>
    public int? FifoPriority { get; init; }

    /// <summary>How the run behaves. Each run has a clock of its own: a virtual one can't be shared by two.</summary>
    public SchedulerOptions? Scheduler { get; init; }

    internal void ThrowIfBad()
    {
        if (CpuAffinity is { Count: 0 })
            throw new ArgumentException("CpuAffinity names no processor; leave it null for those of the starting thread.", nameof(CpuAffinity));
        foreach (int processor in CpuAffinity ?? [])
            ArgumentOutOfRangeException.ThrowIfNegative(processor, nameof(CpuAffinity));
        if (FifoPriority is { } priority && priority is < 1 or > 99)
            throw new ArgumentOutOfRangeException(nameof(FifoPriority), FifoPriority, "A SCHED_FIFO priority is 1 to 99; null for an ordinary thread.");
    }
}
