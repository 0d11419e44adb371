namespace Sprig.Linux;

/// <summary>Puts the calling thread on its processors and gives it its priority, or says why not, and the cure.</summary>
internal static class ThreadPlacement
{
    private const string Online = "/sys/devices/system/cpu/online";

    /// <exception cref="ArgumentException">A processor is not there, or not for this program.</exception>
    internal static void Bind(IReadOnlyCollection<int> processors)
    {
        int result = ThreadCalls.SetAffinity(processors);
        if (result is < 0 and not -Errno.EINVAL)
            throw Errno.ToException(-result, "bind", "the thread to its processors");
        // It answers EINVAL only when none is left of those that were asked for; the rest it passes over in silence.
        int[] missing = result < 0 ? [.. processors] : [.. processors.Except(ThreadCalls.GetAffinity())];
        if (missing.Length == 0)
            return;
        Array.Sort(missing);
        throw new ArgumentException($"The thread can't be bound to processor {string.Join(", ", missing)}: this machine has {OnlineOrUnknown()}, "
            + "and a cpuset (of a container, or AllowedCPUs= of a systemd unit) may take some of these from the program. Name others in CpuAffinity.");
    }

    /// <exception cref="UnauthorizedAccessException">The program may not have that priority.</exception>
    internal static void MakeFifo(int priority)
    {
        int result = ThreadCalls.SetFifo(priority);
        if (result >= 0)
            return;
        throw result == -Errno.EPERM
            ? new UnauthorizedAccessException($"No permission for the SCHED_FIFO priority {priority}. Give the program CAP_SYS_NICE "
                + "(systemd: AmbientCapabilities=CAP_SYS_NICE; by hand: sudo setcap cap_sys_nice+ep <its executable>), "
                + $"or a limit of at least that priority (systemd: LimitRTPRIO={priority}; a login: rtprio in /etc/security/limits.conf). "
                + "As root it means that the program's cgroup has no real-time budget (cpu.rt_runtime_us).")
            : Errno.ToException(-result, "give", $"the thread the SCHED_FIFO priority {priority}");
    }

    private static string OnlineOrUnknown()
    {
        try
        {
            return $"{File.ReadAllText(Online).Trim()} ({Online})";
        }
        catch (IOException)
        {
            return $"{Environment.ProcessorCount} of them";
        }
    }
}
