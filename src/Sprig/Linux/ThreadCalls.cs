namespace Sprig.Linux;

/// <summary>Where and how urgently the calling thread runs: its processors and its scheduling policy.</summary>
internal static unsafe class ThreadCalls
{
    /// <summary>The policy of ordinary threads.</summary>
    internal const int OtherPolicy = 0;

    /// <summary>First in, first out: it runs before every ordinary thread, until it waits.</summary>
    internal const int FifoPolicy = 1;

    /// <summary>With a policy: what the thread starts (threads of the pool, child processes) is ordinary again.</summary>
    internal const int ResetOnFork = 0x40000000;

    private const int CallingThread = 0;
    private const int BitsOfWord = 64;

    /// <summary>The kernel's masks have a bit for each processor it was built for, at most so many today; it takes longer ones.</summary>
    private const int MaskWords = 8192 / BitsOfWord;

    /// <summary>Binds the calling thread to these processors: 0, or minus errno. The kernel leaves out those that are not there.</summary>
    internal static int SetAffinity(IReadOnlyCollection<int> processors)
    {
        ulong* mask = stackalloc ulong[MaskWords];
        foreach (int processor in processors)
        {
            if (processor is < 0 or >= MaskWords * BitsOfWord)
                return -Errno.EINVAL;
            mask[processor / BitsOfWord] |= 1UL << (processor % BitsOfWord);
        }

        // Little endian, as all the machines that .NET runs on: words of 64 bits are the kernel's words of 32 bits, too.
        return Syscall.Check(Libc.SchedSetAffinity(CallingThread, MaskWords * sizeof(ulong), mask));
    }

    /// <summary>The processors that the calling thread may run on, in ascending order.</summary>
    internal static int[] GetAffinity()
    {
        ulong* mask = stackalloc ulong[MaskWords];
        int result = Syscall.Check(Libc.SchedGetAffinity(CallingThread, MaskWords * sizeof(ulong), mask));
        if (result < 0)
            throw Errno.ToException(-result, "ask for the processors of", "the thread");
        List<int> processors = [];
        for (int i = 0; i < MaskWords * BitsOfWord; i++)
        {
            if ((mask[i / BitsOfWord] & (1UL << (i % BitsOfWord))) != 0)
                processors.Add(i);
        }

        return [.. processors];
    }

    /// <summary>Makes the calling thread one of a real-time priority, 1 to 99: 0, or minus errno.</summary>
    internal static int SetFifo(int priority)
        => Syscall.Check(Libc.SchedSetScheduler(CallingThread, FifoPolicy | ResetOnFork, &priority));

    /// <summary>The policy of the calling thread, with its flags.</summary>
    internal static int GetPolicy() => Syscall.Check(Libc.SchedGetScheduler(CallingThread));

    /// <summary>The real-time priority of the calling thread; 0 when it is an ordinary one.</summary>
    internal static int GetPriority()
    {
        int priority = 0;
        int result = Syscall.Check(Libc.SchedGetParam(CallingThread, &priority));
        return result < 0 ? result : priority;
    }
}
