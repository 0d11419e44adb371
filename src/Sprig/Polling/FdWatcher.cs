using Sprig.Linux;

namespace Sprig.Polling;

/// <summary>One descriptor in a <see cref="Polling.Reactor"/>: one reader and one writer may wait for it.</summary>
/// <remarks>
/// What is true of edge-triggered epoll, and what follows here:
/// <list type="bullet">
/// <item>An event tells of a change, once. So readiness is remembered until an operation answered EAGAIN; then, and only
/// then, a wait may sleep. Whoever waits without having seen EAGAIN sleeps for ever.</item>
/// <item>A change between that EAGAIN and the wait is not lost: one thread does both, and the event is still in the queue.</item>
/// <item>A short read drains a descriptor, but not its end: FIN may have come with the data, in one event. So "the other
/// end is gone" (RDHUP, HUP, ERR) outlives a short read; only EAGAIN proves that nothing is left to learn.</item>
/// <item>A closed descriptor leaves the set only when its last duplicate is closed, and its number is given out again at
/// once. So the watcher leaves the set first, wakes both waiters, and only then is the descriptor closed; and the cookie
/// carries a generation, so that an event of its predecessor is recognised.</item>
/// </list>
/// </remarks>
internal sealed class FdWatcher : IDisposable
{
    private Waiter? _reader;
    private Waiter? _writer;
    private bool _readable;
    private bool _writable;
    private bool _readEnd;

    internal FdWatcher(Reactor reactor, int descriptor, string device)
    {
        Reactor = reactor;
        Descriptor = descriptor;
        Device = device;
    }

    internal Reactor Reactor { get; }

    internal int Descriptor { get; }

    /// <summary>What the descriptor is, for messages: a path, a peer.</summary>
    internal string Device { get; }

    internal ulong Cookie { get; set; }

    internal bool IsClosed { get; private set; }

    /// <summary>Its device may be removed without a word: see <see cref="RemovalNotice"/>.</summary>
    internal bool FollowsRemoval { get; set; }

    /// <summary>Called by the loop when the device is hung up, or failed, whoever waits or doesn't; waiters are woken before.</summary>
    internal Action? HungUp { get; set; }

    /// <summary>Whether a read may be worth trying: nothing has answered EAGAIN since the last event.</summary>
    internal bool MayRead => _readable | _readEnd;

    internal bool MayWrite => _writable;

    /// <summary>A read has begun to wait and has not ended. Between its waking and its running no waiter hangs here, and a
    /// second reader must not slip in.</summary>
    internal bool IsReading { get; set; }

    /// <summary>A write has begun to wait and has not ended: a second one would stand in the middle of it.</summary>
    internal bool IsWriting { get; set; }

    internal bool IsWaitedFor => _reader is not null || _writer is not null;

    /// <summary>A read answered EAGAIN: the next wait sleeps until a new event.</summary>
    internal void ReadWouldBlock() => _readable = _readEnd = false;

    /// <summary>A read left its buffer short: the data is drained, but an end that came with it is still to be read.</summary>
    internal void ReadDrained() => _readable = false;

    /// <summary>A write answered EAGAIN.</summary>
    internal void WriteWouldBlock() => _writable = false;

    internal void ArmReader(Waiter waiter)
    {
        ThrowIfReaderUnfit();
        _reader = waiter;
        Reactor.Armed++;
    }

    internal void ArmWriter(Waiter waiter)
    {
        ThrowIfWriterUnfit();
        _writer = waiter;
        Reactor.Armed++;
    }

    /// <summary>Fails at once, in the second's own step, when one waits already or the descriptor is closed.</summary>
    internal void ThrowIfReaderUnfit() => ThrowIfUnfit(_reader is not null, "reader");

    internal void ThrowIfWriterUnfit() => ThrowIfUnfit(_writer is not null, "writer");

    /// <summary>The same before an operation begins, for which one that is under way counts though it does not wait just now.</summary>
    internal void ThrowIfReading() => ThrowIfUnfit(_reader is not null | IsReading, "reader");

    /// <inheritdoc cref="ThrowIfReading"/>
    internal void ThrowIfWriting() => ThrowIfUnfit(_writer is not null | IsWriting, "writer");

    internal void Disarm(Waiter waiter)
    {
        if (_reader == waiter)
            TakeReader();
        else if (_writer == waiter)
            TakeWriter();
    }

    internal void OnEvents(uint events)
    {
        const uint Broken = EpollCalls.Error | EpollCalls.HangUp;
        _readEnd |= (events & (Broken | EpollCalls.PeerClosed)) != 0;
        _readable |= (events & EpollCalls.In) != 0;
        _writable |= (events & (Broken | EpollCalls.Out)) != 0;
        if (MayRead)
            TakeReader()?.OnReady();
        if (MayWrite)
            TakeWriter()?.OnReady();
        if ((events & Broken) != 0)
            HungUp?.Invoke();
    }

    /// <summary>Leaves the set and wakes both waiters. Comes before the descriptor is closed.</summary>
    public void Dispose()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Reactor.Remove(this);
        TakeReader()?.OnClosed(Device);
        TakeWriter()?.OnClosed(Device);
    }

    private Waiter? TakeReader() => Take(ref _reader);

    private Waiter? TakeWriter() => Take(ref _writer);

    private Waiter? Take(ref Waiter? slot)
    {
        Waiter? waiter = slot;
        if (waiter is null)
            return null;
        slot = null;
        Reactor.Armed--;
        return waiter;
    }

    /// <summary>Where one waits already.</summary>
    internal static InvalidOperationException BusyError(string device, string role)
        => new($"{device} already has a {role} waiting; one {role} at a time. Let one coroutine do it, or guard it with a lock.");

    private void ThrowIfUnfit(bool present, string role)
    {
        if (IsClosed)
            throw new ObjectDisposedException(Device);
        if (present)
            throw BusyError(Device, role);
    }
}
