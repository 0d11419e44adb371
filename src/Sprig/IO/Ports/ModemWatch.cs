using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>Waits for the lines of the other end to change. The kernel has one way for that, TIOCMIWAIT, which sleeps: so it is done on
/// a thread, which is there while somebody waits, and rings when something has changed. What has, each finds out by looking.</summary>
internal sealed class ModemWatch(SerialLine line)
{
    /// <summary>A change between a look and the moment in which the thread sleeps rings no bell: one look more after that time finds it.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(20);
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private InterruptibleThread? _lane;
    private volatile bool _isAsleep;
    private int _error;

    /// <summary>Waits until any of the lines differs from what was seen before, which it then is.</summary>
    internal async ValueTask<ModemChange> NextAsync(Sight sight, ModemLines which, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        await Coroutine.CheckpointAsync();
        if (TryTake(sight, which, out ModemChange change))
            return change;
        // What the thread has to say comes by a post: waiting for it is no deadlock.
        using IDisposable expectation = scheduler.ExpectPosts();
        Waiter waiter = new(scheduler, new WaitQueue($"a change of the modem lines of {line.Path}"));
        Enter(waiter);
        try
        {
            bool isSettled = false;
            while (!TryTake(sight, which, out change))
            {
                if (_error != 0)
                    throw ErrorOf(_error);
                bool wasAsleep = _isAsleep;
                if (!await waiter.Line.WaitAsync(isSettled ? Timeout.InfiniteTimeSpan : s_settling, cancellationToken))
                    isSettled = wasAsleep;
                else
                    isSettled = false;
            }

            return change;
        }
        finally
        {
            Exit(waiter);
        }
    }

    /// <summary>What is to be told to who has seen this; false: nothing.</summary>
    internal bool TryTake(Sight sight, ModemLines which, out ModemChange change)
    {
        ModemState now = Look();
        ModemLines changed = sight.Untold | (sight.Seen is { } before ? now.ChangedSince(before) : ModemLines.None);
        sight.Seen = now;
        sight.Untold = changed & ~which;
        change = new ModemChange(changed & which, now.Lines);
        return change.Changed != ModemLines.None;
    }

    /// <summary>The port was closed: who waits finds that out.</summary>
    internal void OnLeft() => Ring();

    private ModemState Look()
    {
        line.ThrowIfLeft();
        using SerialLine.Use use = line.Hold();
        int result = ModemState.Look(line.Tty, out ModemState now);
        return result >= 0 ? now : throw ErrorOf(-result);
    }

    private IOException ErrorOf(int errno) => errno is Errno.ENOTTY or Errno.EINVAL
        ? new IOException($"{line.Path} has no modem lines that can be waited for (a pseudo-terminal has none, nor have some drivers).", errno)
        : Errno.ToException(errno, "wait for the modem lines of", line.Path);

    private void Enter(Waiter waiter)
    {
        lock (_gate)
        {
            _lane ??= line.StartLane("sprig-modem", Sleep);
            _waiters.Add(waiter);
        }
    }

    private void Exit(Waiter waiter)
    {
        InterruptibleThread lane;
        lock (_gate)
        {
            _waiters.Remove(waiter);
            if (_waiters.Count > 0 || _lane is null)
                return;
            lane = _lane;
            (_lane, _error) = (null, 0);
        }

        line.StopLane(lane);
    }

    private void Sleep(InterruptibleThread lane)
    {
        while (!lane.IsStopping)
        {
            _isAsleep = true;
            int result = line.Tty.Block(SerialUapi.AwaitLines, SerialUapi.InputLines);
            _isAsleep = false;
            if (result == -Errno.EINTR)
                continue;
            if (result < 0)
                _error = -result;
            Ring();
            if (result < 0)
                return;
        }
    }

    // Any thread.
    private void Ring()
    {
        lock (_gate)
        {
            foreach (Waiter waiter in _waiters)
                waiter.Ring();
        }
    }

    /// <summary>What one who waits has seen last.</summary>
    internal sealed class Sight
    {
        internal ModemState? Seen { get; set; }

        /// <summary>What has changed, and was not asked for.</summary>
        internal ModemLines Untold { get; set; }
    }

    private sealed class Waiter(CoroutineScheduler scheduler, WaitQueue queue)
    {
        private int _isRung;

        internal WaitQueue Line => queue;

        // A line that changes as fast as it can posts no more than the loop takes.
        internal void Ring()
        {
            if (Interlocked.Exchange(ref _isRung, 1) == 0)
                scheduler.Inbox.Post(null, (Action)Wake, null);
        }

        private void Wake()
        {
            Volatile.Write(ref _isRung, 0);
            queue.WakeAll();
        }
    }
}
