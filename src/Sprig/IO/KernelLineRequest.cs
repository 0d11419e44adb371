using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>Lines of the kernel: edges are read many at a time, and waited for by epoll.</summary>
internal sealed class KernelLineRequest : GpioLineRequest
{
    private const int Batch = 32;
    private readonly FileDescriptor _descriptor;
    private readonly EdgeWaiter _waiter;
    private readonly byte[] _events = new byte[Batch * GpioUapi.EventSize];
    private FdWatcher? _watcher;
    private CoroutineScheduler? _loop;
    private int _next;
    private int _count;

    /// <summary>Lines that were taken.</summary>
    /// <param name="descriptor">Theirs, non-blocking.</param>
    /// <param name="lines">Their offsets.</param>
    /// <param name="settings">As they were taken.</param>
    /// <param name="chip">Theirs.</param>
    internal KernelLineRequest(FileDescriptor descriptor, IReadOnlyList<int> lines, IReadOnlyList<GpioLineSettings> settings, GpioChipInfo chip)
        : base(lines, settings, chip.Path)
    {
        KernelChip = chip;
        _descriptor = descriptor;
        _waiter = new EdgeWaiter(this);
    }

    internal override GpioChipInfo? KernelChip { get; }

    protected override ulong GetValues(ulong mask)
    {
        int result = GpioUapi.GetValues(_descriptor.Number, mask, out ulong values);
        return result >= 0 ? values : throw Errno.ToException(-result, "read", Name);
    }

    protected override void SetValues(ulong mask, ulong levels)
    {
        int result = GpioUapi.SetValues(_descriptor.Number, mask, levels);
        if (result == -Errno.EPERM)
            throw new InvalidOperationException($"{Name}: one of them is taken as it is, and it is no output; only outputs are driven. Give it a Direction.");
        if (result < 0)
            throw Errno.ToException(-result, "drive", Name);
    }

    protected override void SetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels)
    {
        int result = TrySetConfig(settings, levels);
        if (result >= 0)
            return;
        // Some lines may be set already, and others not: back to what was, as far as the chip lets us.
        _ = TrySetConfig(Settings, Levels);
        throw LineErrors.Refused(-result, "configure", Name, settings);
    }

    protected override void Release()
    {
        LeanToSafe();
        if (_watcher is { IsClosed: false } watcher && !_loop!.IsOnLoopThread)
        {
            // The loop leaves its set by the number, which must stay taken until then; the lines are given back now.
            _ = Syscall.Blank(_descriptor.Number);
            if (_loop.Inbox.Post(null, Closing.Callback, new Closing(watcher, _descriptor)))
                return;
            // The run has ended, and its reactor lets go of the watcher: on that thread, perhaps just now.
        }
        else
        {
            _watcher?.Dispose();
        }

        _descriptor.Dispose();
    }

    protected override bool TryTakeEdge(out GpioEdge edge)
    {
        if (_next == _count && !TryFill(Watch()))
        {
            edge = default;
            return false;
        }

        GpioUapi.ReadEvent(_events, _next++, out long timestamp, out bool rising, out uint line, out _, out uint sequence);
        edge = new GpioEdge((int)line, rising, new MonotonicTime(timestamp), sequence);
        return true;
    }

    protected override void StartListening()
    {
        FdWatcher watcher = Watch();
        if (_waiter.Armed == watcher)
            return;
        watcher.ArmReader(_waiter);
        _waiter.Armed = watcher;
    }

    protected override void StopListening()
    {
        _waiter.Armed?.Disarm(_waiter);
        _waiter.Armed = null;
    }

    private int TrySetConfig(IReadOnlyList<GpioLineSettings> settings, ulong levels)
    {
        Span<byte> config = stackalloc byte[GpioUapi.ConfigSize];
        LineErrors.ThrowIfTooMany(GpioUapi.FillConfig(config, KernelSettings.ToConfigs(settings), levels), Name);
        return GpioUapi.SetConfig(_descriptor.Number, config);
    }

    // Some drivers make an input of an output that is given back, others leave it driving: with the chip's resistor towards the safe
    // level it stays there either way. A chip without resistors passes that over, or refuses; then it is as before.
    private void LeanToSafe()
    {
        GpioLineSettings[] ends = [.. Settings.Select(one => one.AtEnd)];
        Span<byte> config = stackalloc byte[GpioUapi.ConfigSize];
        if (!ends.SequenceEqual(Settings) && GpioUapi.FillConfig(config, KernelSettings.ToConfigs(ends), Levels) <= GpioUapi.MostAttributes)
            _ = GpioUapi.SetConfig(_descriptor.Number, config);
    }

    // A new one for each run: the one before went with its reactor, and what was read and not taken stays.
    private FdWatcher Watch()
    {
        CoroutineScheduler current = CoroutineScheduler.Current;
        if (IoWait.Serves(_watcher, current))
            return _watcher;
        _watcher = current.Reactor.Watch(_descriptor.Number, read: true, write: false, Name);
        _loop = current;
        current.Reactor.FollowRemoval(_watcher, Chip);
        return _watcher;
    }

    private bool TryFill(FdWatcher watcher)
    {
        if (!watcher.MayRead)
            return false;
        int result = Syscall.Read(_descriptor.Number, _events);
        if (result == -Errno.EAGAIN)
        {
            watcher.ReadWouldBlock();
            return false;
        }

        // 0 is the end, which a line has as little as a tty: going round again would never end.
        if (result <= 0)
            throw Errno.ToException(result < 0 ? -result : Errno.ENODEV, "read edges of", Name);
        // Never taken for drained by a short read: the kernel drops the oldest without a wake when its queue is full, so only
        // EAGAIN is believed.
        (_next, _count) = (0, result / GpioUapi.EventSize);
        return _count > 0;
    }

    /// <summary>Tells the request of readiness; armed while somebody waits.</summary>
    private sealed class EdgeWaiter(KernelLineRequest request) : Waiter
    {
        /// <summary>Where it hangs, if it does.</summary>
        internal FdWatcher? Armed { get; set; }

        internal override void OnDue()
        {
        }

        internal override void OnReady() => Fire();

        internal override void OnClosed(string device) => Fire();

        private void Fire()
        {
            Armed = null;
            request.OnEdges();
        }
    }

    /// <summary>What the loop has still to do for lines that another thread gave back.</summary>
    private sealed class Closing(FdWatcher watcher, FileDescriptor descriptor) : IPost
    {
        internal static readonly Action<object?> Callback = static self => ((Closing)self!).Close();

        public void Drop() => descriptor.Dispose();

        private void Close()
        {
            watcher.Dispose();
            descriptor.Dispose();
        }
    }
}
