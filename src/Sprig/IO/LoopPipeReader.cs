using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Nerdbank.Streams;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>The pipe face of a stream, for reading on the loop: it allocates nothing in the steady state, with however many
/// ports, and its awaiters go on in the step that brought the data.</summary>
/// <remarks>Reads when it is asked and not before, but then ahead: nobody else may read the stream. One reader at a time. A wait that
/// throws (kill, deadline, token) loses no byte. The class library's <see cref="PipeReader.Create(Stream, StreamPipeReaderOptions?)"/>
/// works on the loop too, but comes home by a post that allocates; Nerdbank's <c>UsePipe</c> reads on threads of the pool, and fails.</remarks>
public sealed class LoopPipeReader : PipeReader
{
    /// <summary>A smaller rest of a buffer is not read into.</summary>
    private const int LeastRead = 1024;

    private static readonly Action<object?> s_cancel = static self => ((LoopPipeReader)self!).CancelPendingRead();
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly Sequence<byte> _received = new();
    private volatile CancellationTokenSource _cancellation = new();
    private bool _examinedAll = true;
    private bool _ended;
    private bool _completed;

    /// <summary>A reader of <paramref name="stream"/>.</summary>
    /// <param name="stream">A port, a socket, or any other.</param>
    /// <param name="bufferSize">In bytes, at least 1024: how much one read takes at most. A tty gives 4096 at once.</param>
    /// <param name="leaveOpen">Whether the end of the reader leaves the stream open.</param>
    public LoopPipeReader(Stream stream, int bufferSize = 8192, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, LeastRead);
        _stream = stream;
        _leaveOpen = leaveOpen;
        _received.MinimumSpanLength = bufferSize;
    }

    /// <summary>What was received and not taken; waits where that is nothing, or all of it was examined.</summary>
    /// <exception cref="IOException">The device is gone, or failed.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (TryRead(out ReadResult result))
            return new ValueTask<ReadResult>(result);
        CancellationTokenSource cancellation = _cancellation;
        if (cancellation.IsCancellationRequested)
            return new ValueTask<ReadResult>(Cancelled());
        ValueTask<int> read = _stream.ReadAsync(_received.GetMemory(LeastRead), cancellation.Token);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Received(read.Result)) : WaitAsync(read, cancellation.Token, cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_completed)
            throw new InvalidOperationException("The reader was completed; it reads no more.");
        bool isThere = !_cancellation.IsCancellationRequested && (!_examinedAll || _ended);
        result = isThere ? Current() : default;
        return isThere;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ReadOnlySequence<byte> received = _received.AsReadOnlySequence;
        _examinedAll = received.IsEmpty || received.End.Equals(examined);
        if (!received.IsEmpty)
            _received.AdvanceTo(consumed);
    }

    /// <summary>Ends the read that waits, or the next one, with <see cref="ReadResult.IsCanceled"/>. Any thread.</summary>
    public override void CancelPendingRead() => _cancellation.Cancel();

    /// <summary>The end of reading: what was received is dropped, and the stream disposed unless it was to be left open.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        _received.Reset();
        if (!_leaveOpen)
            _stream.Dispose();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<int> read, CancellationToken own, CancellationToken asked)
    {
        using CancellationTokenRegistration registration = asked.UnsafeRegister(s_cancel, this);
        try
        {
            return Received(await read);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == own)
        {
            ReadResult result = Cancelled();
            asked.ThrowIfCancellationRequested();
            return result;
        }
    }

    private ReadResult Received(int count)
    {
        _received.Advance(count);
        _examinedAll = false;
        _ended = count == 0;
        return Current();
    }

    private ReadResult Cancelled()
    {
        _cancellation = new CancellationTokenSource();
        return new ReadResult(_received.AsReadOnlySequence, isCanceled: true, _ended);
    }

    private ReadResult Current() => new(_received.AsReadOnlySequence, isCanceled: false, _ended);
}
