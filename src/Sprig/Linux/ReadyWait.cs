using System.Diagnostics;

namespace Sprig.Linux;

/// <summary>Blocks the calling thread until a descriptor is ready, until it is called away, or until a time is over: for synchronous
/// calls alone.</summary>
internal static unsafe class ReadyWait
{
    /// <summary>Whether the descriptor has something; false when the time is over, or the wait was ended, before that.</summary>
    /// <param name="fd">The one that is waited for; an error or a hang-up is something too.</param>
    /// <param name="events"><see cref="Syscall.PollIn"/> or <see cref="Syscall.PollOut"/>.</param>
    /// <param name="away">Readable when the wait is to end. Neither may be closed meanwhile: the kernel looks at the numbers again when
    /// it wakes, and they might be another's by then.</param>
    /// <param name="until">By the machine's clock, in nanoseconds; long.MaxValue: without end.</param>
    internal static bool Until(int fd, short events, int away, long until)
    {
        Libc.PollDescriptor* two = stackalloc Libc.PollDescriptor[2];
        int result;
        do
        {
            two[0] = new Libc.PollDescriptor { Descriptor = fd, Events = events };
            two[1] = new Libc.PollDescriptor { Descriptor = away, Events = Syscall.PollIn };
            result = Syscall.Check(Libc.Poll(two, 2, Milliseconds(until)));
        }
        while (result == -Errno.EINTR);
        return result > 0 && two[0].Returned != 0;
    }

    // Rounded up: never early.
    private static int Milliseconds(long until)
        => until == long.MaxValue ? -1 : (int)Math.Clamp((until - Stopwatch.GetTimestamp() + 999_999) / 1_000_000, 0, int.MaxValue);
}
