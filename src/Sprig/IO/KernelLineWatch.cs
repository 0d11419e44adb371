using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>Changes of lines, by the kernel. Each reader has a descriptor of the chip to itself, since the kernel keeps one set of
/// watched lines for each.</summary>
internal sealed class KernelLineWatch : IAsyncEnumerable<GpioLineChange>
{
    private readonly string _path;
    private readonly IReadOnlyList<int> _lines;

    internal KernelLineWatch(string path, IReadOnlyList<int> lines)
    {
        _path = path;
        _lines = lines;
    }

    public IAsyncEnumerator<GpioLineChange> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        FileDescriptor chip = DeviceAccess.Open(_path);
        try
        {
            foreach (int line in _lines)
            {
                int result = GpioUapi.WatchLine(chip.Number, line, out _);
                if (result < 0)
                    throw Errno.ToException(-result, $"watch line {line} of", _path);
            }

            return new Reader(chip, _path, cancellationToken);
        }
        catch
        {
            chip.Dispose();
            throw;
        }
    }

    /// <summary>One reader. The kernel keeps 32 changes for it; newer ones than that are lost, and no one tells.</summary>
    internal sealed class Reader(FileDescriptor chip, string path, CancellationToken cancellationToken) : IAsyncEnumerator<GpioLineChange>
    {
        private readonly byte[] _change = new byte[GpioUapi.LineChangeSize];
        private FdWatcher? _watcher;

        public GpioLineChange Current { get; private set; }

        [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
        public async ValueTask<bool> MoveNextAsync()
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            if (!IoWait.Serves(_watcher, scheduler))
            {
                _watcher = scheduler.Reactor.Watch(chip.Number, read: true, write: false, path);
                scheduler.Reactor.FollowRemoval(_watcher, path);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (IoWait.MustPause(scheduler))
                await IoWait.Turn();
            while (!TryRead(_watcher))
                await IoWait.UntilReadable(_watcher, $"a change of the lines of {path}", cancellationToken);
            return true;
        }

        public ValueTask DisposeAsync()
        {
            _watcher?.Dispose();
            chip.Dispose();
            return default;
        }

        private bool TryRead(FdWatcher watcher)
        {
            if (!watcher.MayRead)
                return false;
            int result = Syscall.Read(chip.Number, _change);
            if (result == -Errno.EAGAIN)
            {
                watcher.ReadWouldBlock();
                return false;
            }

            if (result <= 0)
                throw Errno.ToException(result < 0 ? -result : Errno.ENODEV, "read changes of the lines of", path);
            GpioUapi.LineInfo info = GpioUapi.ReadChange(_change, out long timestamp, out uint kind);
            Current = new GpioLineChange((GpioLineChangeKind)kind, KernelSettings.ToInfo(info), new MonotonicTime(timestamp));
            return true;
        }
    }
}
