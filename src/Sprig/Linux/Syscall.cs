using System.Runtime.InteropServices;

namespace Sprig.Linux;

/// <summary>System calls in the kernel's own convention: the result, or minus errno. EINTR is tried again here, so that
/// nobody above ever sees it.</summary>
internal static unsafe class Syscall
{
    internal const int OpenReadWrite = 2;
    internal const int OpenNoControllingTerminal = 0x100;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloseOnExec = 0x80000;
    internal const short PollIn = 1;
    internal const short PollOut = 4;
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int DuplicateCloseOnExec = 1030;
    private const int SetTimerSlackOption = 29;
    private const int GetTimerSlackOption = 30;

    internal static int Open(string path, int flags)
    {
        int result;
        do result = Check(Libc.Open(path, flags | OpenCloseOnExec, 0));
        while (result == -Errno.EINTR);
        return result;
    }

    internal static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            int result;
            do result = Check((int)Libc.Read(fd, p, (nuint)buffer.Length));
            while (result == -Errno.EINTR);
            return result;
        }
    }

    internal static int Write(int fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            int result;
            do result = Check((int)Libc.Write(fd, p, (nuint)buffer.Length));
            while (result == -Errno.EINTR);
            return result;
        }
    }

    /// <summary>Blocks this thread until <paramref name="fd"/> is ready; for synchronous calls of foreign code alone.</summary>
    internal static int WaitReady(int fd, short events)
    {
        Libc.PollDescriptor descriptor = new() { Descriptor = fd, Events = events };
        int result;
        do result = Check(Libc.Poll(&descriptor, 1, -1));
        while (result == -Errno.EINTR);
        return result;
    }

    internal static int Ioctl(int fd, uint request, Span<byte> argument)
    {
        fixed (byte* p = argument)
        {
            int result;
            do result = Check(Libc.Ioctl(fd, request, p));
            while (result == -Errno.EINTR);
            return result;
        }
    }

    /// <summary>An ioctl whose argument is a number, or nothing.</summary>
    internal static int Ioctl(int fd, uint request, nint argument = 0)
    {
        int result;
        do result = Check(Libc.Ioctl(fd, request, (void*)argument));
        while (result == -Errno.EINTR);
        return result;
    }

    /// <summary>The same, but that EINTR is told: for calls that a signal is to end.</summary>
    internal static int IoctlOnce(int fd, uint request, nint argument) => Check(Libc.Ioctl(fd, request, (void*)argument));

    internal static int SetNonBlocking(int fd)
    {
        int flags = Check(Libc.Fcntl(fd, GetFlags, 0));
        return flags < 0 ? flags : Check(Libc.Fcntl(fd, SetFlags, flags | OpenNonBlocking));
    }

    /// <summary>Another descriptor of the same open file, which child processes don't inherit.</summary>
    internal static int Duplicate(int fd) => Check(Libc.Fcntl(fd, DuplicateCloseOnExec, 0));

    /// <summary>Makes <paramref name="onto"/> another descriptor of the same open file, which child processes do inherit.</summary>
    internal static int Duplicate(int fd, int onto)
    {
        int result;
        do result = Check(Libc.Dup2(fd, onto));
        while (result == -Errno.EINTR);
        return result;
    }

    /// <summary>Closes what <paramref name="fd"/> is, at once, while its number stays taken, by a descriptor of nothing, until that is
    /// closed: for numbers that another thread still knows.</summary>
    internal static int Blank(int fd)
    {
        int nothing = Open("/dev/null", OpenReadWrite);
        if (nothing < 0)
            return nothing;
        int result;
        do result = Check(Libc.Dup3(nothing, fd, OpenCloseOnExec));
        while (result == -Errno.EINTR);
        _ = Libc.Close(nothing);
        return result;
    }

    /// <summary>Both ends of a non-blocking pipe: [0] reads, [1] writes.</summary>
    internal static int Pipe(Span<int> ends)
    {
        int* pair = stackalloc int[2];
        int result = Check(Libc.Pipe2(pair, OpenNonBlocking | OpenCloseOnExec));
        (ends[0], ends[1]) = (pair[0], pair[1]);
        return result;
    }

    /// <summary>How late the kernel may wake this thread from a timed sleep, in nanoseconds; 50,000 unless set.</summary>
    internal static long TimerSlack
    {
        get => Check(Libc.Prctl(GetTimerSlackOption, 0, 0, 0, 0));
        set => _ = Libc.Prctl(SetTimerSlackOption, (nuint)value, 0, 0, 0);
    }

    internal static int Check(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();
}
