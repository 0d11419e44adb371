using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>An input line of the kernel: edges are read many at a time, and waited for by epoll.</summary>
internal sealed class KernelGpioInput : GpioInput
{
    private const int Batch = 32;
    private readonly FileDescriptor _line;
    private readonly string _name;
    private readonly string _wait;
    private readonly byte[] _events = new byte[Batch * GpioUapi.EventSize];
    private FdWatcher? _watcher;
    private int _next;
    private int _count;

    internal KernelGpioInput(FileDescriptor line, int offset, string name)
        : base(offset)
    {
        _line = line;
        _name = name;
        _wait = $"an edge of {name}";
    }

    public override bool Read()
    {
        int result = GpioUapi.GetLevel(_line.Number, out bool level);
        return result >= 0 ? level : throw Errno.ToException(-result, "read", _name);
    }

    public override void Dispose()
    {
        _watcher?.Dispose();
        _line.Dispose();
    }

    protected override ValueTask<GpioEdge> TakeEdgeAsync()
    {
        FdWatcher watcher = Watch();
        watcher.ThrowIfReading();
        return !IoWait.MustPause(CoroutineScheduler.Current) && TryTake(watcher, out GpioEdge edge)
            ? new ValueTask<GpioEdge>(edge)
            : TakeLaterAsync(watcher);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<GpioEdge> TakeLaterAsync(FdWatcher watcher)
    {
        watcher.IsReading = true;
        try
        {
            if (watcher.MayRead || _next < _count)
                await IoWait.Turn();
            GpioEdge edge;
            while (!TryTake(watcher, out edge))
                await IoWait.UntilReadable(watcher, _wait);
            return edge;
        }
        finally
        {
            watcher.IsReading = false;
        }
    }

    private FdWatcher Watch()
    {
        // The name, not the type: a program holds many lines.
        if (_line.IsClosed)
            throw new ObjectDisposedException(_name);
        CoroutineScheduler current = CoroutineScheduler.Current;
        if (!IoWait.Serves(_watcher, current))
            _watcher = current.Reactor.Watch(_line.Number, read: true, write: false, _name);
        return _watcher;
    }

    private bool TryTake(FdWatcher watcher, out GpioEdge edge)
    {
        if (_next == _count && !TryFill(watcher))
        {
            edge = default;
            return false;
        }

        GpioUapi.ReadEvent(_events, _next++, out long timestamp, out bool rising, out uint line, out _, out uint sequence);
        edge = new GpioEdge((int)line, rising, new MonotonicTime(timestamp), sequence);
        return true;
    }

    private bool TryFill(FdWatcher watcher)
    {
        if (!watcher.MayRead)
            return false;
        int result = Syscall.Read(_line.Number, _events);
        if (result == -Errno.EAGAIN)
        {
            watcher.ReadWouldBlock();
            return false;
        }

        // 0 is the end, which a line has as little as a tty: going round again would never end.
        if (result <= 0)
            throw Errno.ToException(result < 0 ? -result : Errno.ENODEV, "read edges of", _name);
        // Never taken for drained by a short read: the kernel drops the oldest without a wake when its queue is full, so only
        // EAGAIN is believed.
        (_next, _count) = (0, result / GpioUapi.EventSize);
        return _count > 0;
    }
}
