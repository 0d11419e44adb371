using System.Runtime.InteropServices;
using Sprig.Linux;

namespace Sprig.Polling;

/// <summary>Turns readiness of descriptors into calls of their waiters, on one thread. <see cref="Wake"/> alone may be
/// called from others.</summary>
internal sealed class Reactor : IDisposable
{
    private const ulong WakeupCookie = ulong.MaxValue - 1;
    private const ulong RemovalCookie = ulong.MaxValue - 2;
    private readonly Epoll _epoll;
    private readonly WakeupEvent _wakeup;
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _free = new();
    private RemovalNotice? _removals;

    internal Reactor(bool forceTimerFd = false)
    {
        _epoll = new Epoll(forceTimerFd: forceTimerFd);
        try
        {
            _wakeup = new WakeupEvent();
            _epoll.Add(_wakeup.Number, EpollCalls.In, WakeupCookie, "an eventfd");
        }
        catch
        {
            _wakeup?.Dispose();
            _epoll.Dispose();
            throw;
        }
    }

    /// <summary>How many waiters sleep on descriptors: while there is one, the outside can still wake the loop.</summary>
    internal int Armed { get; set; }

    /// <summary>Puts a descriptor into the set, once, for reading, writing or both. The caller keeps owning it.</summary>
    /// <exception cref="IOException">The kernel refuses: not a pollable descriptor, or no memory or watches left.</exception>
    internal FdWatcher Watch(int fd, bool read, bool write, string device)
    {
        FdWatcher watcher = new(this, fd, device);
        int index = _free.Count > 0 ? _free.Peek() : _slots.Count;
        uint generation = index < _slots.Count ? _slots[index].Generation + 1 : 0;
        watcher.Cookie = ((ulong)generation << 32) | (uint)index;
        uint events = (read ? EpollCalls.In | EpollCalls.PeerClosed : 0) | (write ? EpollCalls.Out : 0);
        _epoll.Add(fd, events, watcher.Cookie, device);
        if (index == _slots.Count)
            _slots.Add(new Slot(watcher, generation));
        else
            _slots[_free.Pop()] = new Slot(watcher, generation);
        return watcher;
    }

    /// <summary>When the node at the path is removed, the watcher's reader is woken, to find out by itself.</summary>
    internal void FollowRemoval(FdWatcher watcher, string path)
    {
        watcher.FollowsRemoval = true;
        if (_removals is null && RemovalNotice.TryCreate() is { } created)
        {
            _removals = created;
            _epoll.Add(created.Number, EpollCalls.In, RemovalCookie, "an inotify");
        }

        if (_removals?.Follow(path) == false)
            watcher.OnEvents(EpollCalls.In);
    }

    /// <summary>Ends the sleep that is, or the next one. Any thread.</summary>
    internal void Wake() => _wakeup.Signal();

    /// <summary>Sleeps until a descriptor is ready, somebody wakes, or the time-out (nanoseconds; long.MaxValue: none) is
    /// over, and calls the waiters. 0 looks without sleeping. Says how many events there were.</summary>
    internal int Poll(long timeoutNanoseconds)
    {
        int count = _epoll.Wait(timeoutNanoseconds);
        for (int i = 0; i < count; i++)
        {
            ulong cookie = _epoll.CookieAt(i);
            if (cookie == WakeupCookie)
                _wakeup.Reset();
            else if (cookie == RemovalCookie)
                OnRemoval();
            else if (cookie != Epoll.TimerCookie)
                Find(cookie)?.OnEvents(_epoll.EventsAt(i));
        }

        return count;
    }

    internal void Remove(FdWatcher watcher)
    {
        int index = (int)(uint)watcher.Cookie;
        if (Find(watcher.Cookie) != watcher)
            return;
        _epoll.Remove(watcher.Descriptor);
        CollectionsMarshal.AsSpan(_slots)[index].Watcher = null;
        _free.Push(index);
    }

    /// <summary>Closes the set. Waiters that are left are told that their descriptor is closed.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _slots.Count; i++)
            _slots[i].Watcher?.Dispose();
        _removals?.Dispose();
        _wakeup.Dispose();
        _epoll.Dispose();
    }

    private void OnRemoval()
    {
        _removals!.Reset();
        for (int i = 0; i < _slots.Count; i++)
        {
            if (_slots[i].Watcher is { FollowsRemoval: true } watcher)
                watcher.OnEvents(EpollCalls.In);
        }
    }

    private FdWatcher? Find(ulong cookie)
    {
        int index = (int)(uint)cookie;
        if (index >= _slots.Count)
            return null;
        Slot slot = _slots[index];
        return slot.Generation == (uint)(cookie >> 32) ? slot.Watcher : null;
    }

    private struct Slot(FdWatcher? watcher, uint generation)
    {
        internal FdWatcher? Watcher = watcher;
        internal readonly uint Generation = generation;
    }
}
