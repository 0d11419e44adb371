namespace Sprig.Linux;

/// <summary>The calls that epoll, eventfd and timerfd need, in the kernel's convention (result or minus errno).
/// Waiting answers EINTR as "nothing ready": the loop looks at the time anyway.</summary>
internal static unsafe class EpollCalls
{
    internal const uint In = 0x1;
    internal const uint Out = 0x4;
    internal const uint Error = 0x8;
    internal const uint HangUp = 0x10;
    internal const uint PeerClosed = 0x2000;
    internal const uint EdgeTriggered = 1u << 31;
    private const int Add = 1;
    private const int Delete = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const int EpollPwait2Number = 441;
    private const long NanosecondsPerSecond = 1_000_000_000;

    internal static int Create() => Syscall.Check(Libc.EpollCreate1(CloseOnExec));

    internal static int CreateEvent() => Syscall.Check(Libc.EventFd(0, CloseOnExec | NonBlocking));

    internal static int CreateTimer() => Syscall.Check(Libc.TimerFdCreate(ClockMonotonic, CloseOnExec | NonBlocking));

    internal static int AddDescriptor(int epoll, int fd, uint events, ulong cookie)
    {
        EpollEvents one = new(1);
        one.Set(0, events, cookie);
        fixed (byte* p = one.Bytes)
            return Syscall.Check(Libc.EpollCtl(epoll, Add, fd, p));
    }

    internal static int RemoveDescriptor(int epoll, int fd)
    {
        byte* ignored = stackalloc byte[16];
        return Syscall.Check(Libc.EpollCtl(epoll, Delete, fd, ignored));
    }

    /// <summary>Arms a timerfd at an absolute time of CLOCK_MONOTONIC; 0 disarms it.</summary>
    internal static int SetTimer(int fd, long dueNanoseconds)
    {
        // struct itimerspec { interval; value }, each { time_t, long }: native words, 32 bits each on arm.
        nint* value = stackalloc nint[4];
        (value[0], value[1]) = (0, 0);
        long seconds = Math.Min(dueNanoseconds / NanosecondsPerSecond, nint.MaxValue);
        (value[2], value[3]) = ((nint)seconds, (nint)(dueNanoseconds % NanosecondsPerSecond));
        return Syscall.Check(Libc.TimerFdSetTime(fd, AbsoluteTime, value, null));
    }

    internal static int Wait(int epoll, EpollEvents events, int timeoutMilliseconds)
    {
        fixed (byte* p = events.Bytes)
            return NothingIfInterrupted(Syscall.Check(Libc.EpollWait(epoll, p, events.Capacity, timeoutMilliseconds)));
    }

    /// <summary>Sleeps with nanosecond timeout (null: without end); -ENOSYS on kernels before 5.11.</summary>
    internal static int WaitPrecisely(int epoll, EpollEvents events, long? timeoutNanoseconds)
    {
        long* timeout = stackalloc long[2];
        if (timeoutNanoseconds is long ns)
            (timeout[0], timeout[1]) = (ns / NanosecondsPerSecond, ns % NanosecondsPerSecond);
        else
            timeout = null;
        fixed (byte* p = events.Bytes)
            return NothingIfInterrupted(Syscall.Check((int)Libc.EpollPwait2(EpollPwait2Number, epoll, p, events.Capacity, timeout, 0, 8)));
    }

    private static int NothingIfInterrupted(int result) => result == -Errno.EINTR ? 0 : result;
}
