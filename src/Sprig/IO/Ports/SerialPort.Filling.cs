using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>From the kernel, through the filter, into what is read ahead.</content>
public sealed partial class SerialPort
{
    private const int ReadSize = 1024;
    private InputFilter? _filter;

    private protected override int TryRead(Span<byte> buffer)
    {
        if (_filter is { } filter)
            return TryReadFiltered(filter, buffer);
        int count = _line!.Read(buffer);
        // VMIN is 1, so nothing-there is EAGAIN; 0 is what a tty answers that was hung up.
        return count == 0 ? -Errno.EIO : count;
    }

    // Less than a full buffer says that the kernel has no more: so what the filter has taken out is filled up.
    private int TryReadFiltered(InputFilter filter, Span<byte> buffer)
    {
        int have = 0;
        while (have < buffer.Length)
        {
            int count = _line!.Read(buffer[have..]);
            if (count <= 0)
                return have > 0 ? have : count == 0 ? -Errno.EIO : count;
            have += filter.Apply(buffer.Slice(have, count));
        }

        return have;
    }

    /// <summary>Reads at least one byte ahead; blocks the thread until there is one.</summary>
    private void Fill(SerialLine line, long until)
    {
        while (true)
        {
            lock (_gate)
            {
                line.ThrowIfLeft();
                if (TryFill())
                    return;
            }

            WaitForData(line, until);
        }
    }

    /// <summary>Reads ahead what is there; false when that is nothing.</summary>
    private bool TryFill()
    {
        int result = TryRead(_ahead.Room(ReadSize));
        if (result > 0)
        {
            _ahead.Add(result);
            TellReader();
        }
        else if (result != -Errno.EAGAIN)
            throw ErrorOf(-result, "read");
        return result > 0;
    }

    /// <summary>The same for the loop, which waits until there is something.</summary>
    private ValueTask FillAsync(CancellationToken cancellationToken)
        => _reconnection is { } reconnection ? FillOnAsync(reconnection, cancellationToken) : FillOnceAsync(cancellationToken);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask FillOnceAsync(CancellationToken cancellationToken)
    {
        int before = _ahead.Count;
        FdWatcher watcher = Watch();
        watcher.ThrowIfReading();
        watcher.IsReading = true;
        try
        {
            if (IoWait.MustPause(CoroutineScheduler.Current))
                await IoWait.Turn();
            while (true)
            {
                ThrowIfLeft(watcher);
                lock (_gate)
                {
                    // One who blocked has read, or taken, meanwhile: the end that is waited for may be there.
                    if (_ahead.Count != before)
                        return;
                    if (TryRead(watcher, _ahead.Room(ReadSize), out int count))
                    {
                        _ahead.Add(count);
                        return;
                    }
                }

                await IoWait.UntilReadable(watcher, ReadWait, cancellationToken);
            }
        }
        finally
        {
            watcher.IsReading = false;
        }
    }

    private void WaitForData(SerialLine line, long until)
    {
        if (!line.Wait(Syscall.PollIn, until))
            throw new TimeoutException($"Nothing came from {PortName} within {ReadTimeout} ms.");
    }
}
