using Sprig.Linux;

namespace Sprig.Polling;

/// <summary>The kernel's readiness queue: descriptors, 64-bit cookies and a time-out, nothing else.</summary>
/// <remarks>Sleeps to the nanosecond: by <c>epoll_pwait2</c> where the kernel has it (5.11), else by a timerfd that stands
/// in the same set. Descriptors are added edge-triggered, once, and stay until they are removed: a wait then costs no call.</remarks>
internal sealed class Epoll : IDisposable
{
    /// <summary>The cookie of the timerfd's own event, which only ends the sleep.</summary>
    internal const ulong TimerCookie = ulong.MaxValue;

    private readonly FileDescriptor _epoll;
    private readonly EpollEvents _events;
    private FileDescriptor? _timer;

    internal Epoll(int capacity = 64, bool forceTimerFd = false)
    {
        _events = new EpollEvents(capacity);
        _epoll = FileDescriptor.FromResult(EpollCalls.Create(), "create", "an epoll set");
        try
        {
            if (forceTimerFd)
                CreateTimer();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether sleeps go by a timerfd, because this kernel lacks epoll_pwait2 (or a test asked for it).</summary>
    internal bool UsesTimerFd => _timer is not null;

    internal void Add(int fd, uint events, ulong cookie, string device)
    {
        int result = EpollCalls.AddDescriptor(_epoll.Number, fd, events | EpollCalls.EdgeTriggered, cookie);
        if (result == -Errno.EPERM)
            throw new IOException($"{device} can't be waited for (a regular file is always ready): read it from a worker thread.");
        if (result < 0)
            throw Errno.ToException(-result, "watch", device);
    }

    /// <summary>Takes a descriptor out. Must come before it is closed: a duplicate would keep the registration alive.</summary>
    internal void Remove(int fd) => _ = EpollCalls.RemoveDescriptor(_epoll.Number, fd);

    /// <summary>Waits until something is ready or the time-out (nanoseconds; <see cref="long.MaxValue"/>: none) is over, and
    /// says how many events stand in <see cref="EventsAt"/> and <see cref="CookieAt"/>. A signal ends the wait early with 0.</summary>
    internal int Wait(long timeoutNanoseconds)
    {
        int result;
        if (timeoutNanoseconds <= 0)
            result = EpollCalls.Wait(_epoll.Number, _events, 0);
        else if (_timer is not null)
            result = WaitByTimer(_timer.Number, timeoutNanoseconds);
        else if (timeoutNanoseconds == long.MaxValue)
            result = EpollCalls.Wait(_epoll.Number, _events, -1);
        else
            result = EpollCalls.WaitPrecisely(_epoll.Number, _events, timeoutNanoseconds);
        // Old kernel (ENOSYS), or a sandbox that knows the call not (EPERM): once and for all the other way.
        if (_timer is null && result is -Errno.ENOSYS or -Errno.EPERM)
        {
            CreateTimer();
            return Wait(timeoutNanoseconds);
        }

        if (result < 0)
            throw Errno.ToException(-result, "wait in", "an epoll set");
        return result;
    }

    internal uint EventsAt(int index) => _events.EventsAt(index);

    internal ulong CookieAt(int index) => _events.CookieAt(index);

    public void Dispose()
    {
        _timer?.Dispose();
        _epoll.Dispose();
    }

    private void CreateTimer()
    {
        FileDescriptor timer = FileDescriptor.FromResult(EpollCalls.CreateTimer(), "create", "a timerfd");
        try
        {
            // Edge-triggered like all: a new expiry is a new edge, so the timer is never read.
            Add(timer.Number, EpollCalls.In, TimerCookie, "a timerfd");
        }
        catch
        {
            // Kept outside the set it would let the next wait sleep for ever.
            timer.Dispose();
            throw;
        }

        _timer = timer;
    }

    private int WaitByTimer(int timer, long timeoutNanoseconds)
    {
        long now = System.Diagnostics.Stopwatch.GetTimestamp();
        // 0 disarms: a wait without end must not be ended by what the wait before has left armed.
        long due = timeoutNanoseconds > long.MaxValue - now ? 0 : now + timeoutNanoseconds;
        int result = EpollCalls.SetTimer(timer, due);
        return result < 0 ? result : EpollCalls.Wait(_epoll.Number, _events, -1);
    }
}
