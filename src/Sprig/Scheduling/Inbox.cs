using System.Collections.Concurrent;

namespace Sprig.Scheduling;

/// <summary>How other threads reach the loop: they put callbacks in, and wake it if it sleeps. Taken out by the loop at the
/// start of each tick.</summary>
/// <remarks>The handshake: a poster first puts, then says so, then looks whether the loop sleeps; the loop first says that
/// it will sleep, then looks whether something was put. Both with full fences, so one of them always sees the other.</remarks>
internal sealed class Inbox(Action wake)
{
    /// <summary>So many are taken a tick: other threads may post faster than the loop takes, and its timers must come in between.</summary>
    private const int TakenAtOnce = 1024;

    private readonly ConcurrentQueue<(Coroutine? Coroutine, Delegate Callback, object? State)> _posts = new();
    private int _hasMail;
    private int _asleep;
    private volatile bool _closed;

    internal bool IsClosed => _closed;

    internal bool HasMail => Volatile.Read(ref _hasMail) != 0;

    /// <summary>Any thread. False when the run has ended and nobody will ever take it.</summary>
    internal bool Post(Coroutine? coroutine, Delegate callback, object? state)
    {
        if (_closed)
            return false;
        _posts.Enqueue((coroutine, callback, state));
        if (Interlocked.Exchange(ref _hasMail, 1) == 0 && Volatile.Read(ref _asleep) != 0)
            wake();
        // Closed in between: nobody else may look any more.
        if (_closed)
            Drop();
        return true;
    }

    /// <summary>The loop is about to sleep; false when it must not, because something came in the meantime.</summary>
    internal bool TryFallAsleep()
    {
        Interlocked.Exchange(ref _asleep, 1);
        if (!HasMail)
            return true;
        WakeUp();
        return false;
    }

    internal void WakeUp() => Volatile.Write(ref _asleep, 0);

    internal void MoveTo(ReadyQueue ready)
    {
        Interlocked.Exchange(ref _hasMail, 0);
        for (int i = 0; i < TakenAtOnce && _posts.TryDequeue(out var post); i++)
            ready.Enqueue(post.Coroutine, post.Callback, post.State);
        if (!_posts.IsEmpty)
            Volatile.Write(ref _hasMail, 1);
    }

    internal void Close()
    {
        _closed = true;
        Interlocked.MemoryBarrier();
        Drop();
    }

    // Any thread.
    private void Drop()
    {
        while (_posts.TryDequeue(out var post))
            (post.State as IPost)?.Drop();
    }
}
