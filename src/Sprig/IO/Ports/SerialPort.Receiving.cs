using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Polling;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>How bytes come in: past what was read ahead, which all ways of reading share.</content>
public sealed partial class SerialPort
{
    /// <summary>Room for the 4095 bytes that a tty hands out at once, behind the beginning of a line: else each such read comes in two.</summary>
    private const int LeastReadAhead = 8192;

    private readonly Lock _gate = new();
    private ReadAhead _ahead = new(LeastReadAhead);

    /// <summary>How many bytes have come and were not read, here and in the kernel.</summary>
    public int BytesToRead => CountAhead + (IsOpen && _isLost ? 0 : Queued(SerialUapi.InputQueued));

    /// <summary>How much is read ahead, and has its place here: 4096 bytes unless set. The kernel's own buffer is as large as it is.</summary>
    /// <exception cref="InvalidOperationException">It is open.</exception>
    public int ReadBufferSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ThrowIfOpen(nameof(ReadBufferSize));
            field = value;
            _ahead = new ReadAhead(Math.Max(value, LeastReadAhead));
        }
    } = 4096;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <summary>How long the synchronous members wait for what they read, in milliseconds, before they throw a
    /// <see cref="TimeoutException"/>: without end unless set. What is awaited has a <see cref="Deadline"/> instead.</summary>
    public override int ReadTimeout
    {
        get;
        set => field = CheckedTimeout(value);
    } = InfiniteTimeout;

    internal int CountAhead => _ahead.Count;

    /// <summary>Throws away what has come and was not read.</summary>
    public void DiscardInBuffer()
    {
        SerialLine line = OpenLine;
        lock (_gate)
        {
            ForgetReceived();
            PortAccess.Check(line.Tty.Control(SerialUapi.FlushQueues, SerialUapi.FlushInput), PortName);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _reconnection is { } reconnection ? ReadOnAsync(reconnection, buffer, cancellationToken) : ReadOnceAsync(buffer, cancellationToken);

    private ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_ahead.Count == 0 && _dataReceived is null)
            return base.ReadAsync(buffer, cancellationToken);
        ThrowIfHandled();
        return TakeAheadAsync(buffer, cancellationToken);
    }

    private protected override bool TryTake(FdWatcher watcher, Span<byte> buffer, out int count)
    {
        if (_ahead.Count > 0 && !buffer.IsEmpty)
        {
            lock (_gate)
                count = _ahead.Take(buffer);
            if (count > 0)
                return true;
        }

        return base.TryTake(watcher, buffer, out count);
    }

    /// <summary>Blocks the thread until there is data.</summary>
    /// <exception cref="TimeoutException"><see cref="ReadTimeout"/> is over.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        long until = TimeAfter(ReadTimeout);
        SerialLine line = OpenLine;
        using SerialLine.Use use = line.Hold();
        while (true)
        {
            lock (_gate)
            {
                line.ThrowIfLeft();
                int result = _ahead.Count > 0 ? _ahead.Take(buffer) : TryRead(buffer);
                if (result > 0)
                    return result;
                if (result != -Errno.EAGAIN)
                    throw ErrorOf(-result, "read");
            }

            WaitForData(line, until);
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> TakeAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FdWatcher watcher = Watch();
        watcher.ThrowIfReading();
        watcher.IsReading = true;
        try
        {
            if (IoWait.MustPause(CoroutineScheduler.Current))
                await IoWait.Turn();
            ThrowIfLeft(watcher);
            lock (_gate)
            {
                if (_ahead.Count > 0)
                    return _ahead.Take(buffer.Span);
            }
        }
        finally
        {
            watcher.IsReading = false;
        }

        // Another has taken it meanwhile, by a synchronous member.
        return await base.ReadAsync(buffer, cancellationToken);
    }

    private int Queued(uint request)
    {
        Span<byte> answer = stackalloc byte[sizeof(int)];
        int result = OpenLine.Tty.Control(request, answer);
        return result >= 0 ? BitConverter.ToInt32(answer) : throw ErrorOf(-result, "ask");
    }

    private void ForgetReceived()
    {
        _ahead.Clear();
        _lastChar = null;
        _isSkipping = false;
        RenewFilter();
    }

    private void RenewFilter()
    {
        if (_filter is not null)
            _filter = new InputFilter(MarksErrors, _parityReplace, _discardNull);
    }

    private static int CheckedTimeout(int milliseconds) => milliseconds is InfiniteTimeout or >= 0 ? milliseconds
        : throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "A timeout in milliseconds, or InfiniteTimeout.");

    private static long TimeAfter(int milliseconds)
        => milliseconds == InfiniteTimeout ? long.MaxValue : Stopwatch.GetTimestamp() + (milliseconds * 1_000_000L);
}
