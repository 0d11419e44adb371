using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO;

/// <summary>The pipe face of a stream, for reading on the loop: it allocates nothing in the steady state, with however many
/// ports; its awaiters go on in the step that brought the data; and what was received lies in one piece.</summary>
/// <remarks>Reads when it is asked and not before, but then ahead: nobody else may read the stream. One reader at a time. A wait that
/// throws (kill, deadline, token) loses no byte. The class library's <see cref="PipeReader.Create(Stream, StreamPipeReaderOptions?)"/>
/// works on the loop too, but comes home by a post that allocates; Nerdbank's <c>UsePipe</c> reads on threads of the pool, and fails.</remarks>
public sealed class LoopPipeReader : PipeReader
{
    private static readonly Action<object?> s_cancel = static self => ((LoopPipeReader)self!).CancelPendingRead();
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private volatile CancellationTokenSource _cancellation = new();
    private ReceiveBuffer _received = new();

    /// <summary>What was given last, to which the positions of the next advance belong.</summary>
    private ReadOnlySequence<byte> _given;
    private bool _examinedAll = true;
    private bool _ended;
    private bool _completed;

    /// <summary>A reader of <paramref name="stream"/>.</summary>
    /// <param name="stream">A port, a socket, or any other.</param>
    /// <param name="leaveOpen">Whether <see cref="Complete"/> leaves the stream open.</param>
    public LoopPipeReader(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _leaveOpen = leaveOpen;
    }

    /// <summary>What was received and not taken; waits where that is nothing, or all of it was examined.</summary>
    /// <exception cref="IOException">The device is gone, or failed.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (TryRead(out ReadResult result))
            return new ValueTask<ReadResult>(result);
        CancellationToken own = _cancellation.Token;
        ValueTask<int> read = _stream.ReadAsync(_received.GetRoom(), own);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Received(read.Result)) : WaitAsync(read, own, cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_completed)
            throw new InvalidOperationException("The reader was completed; it reads no more.");
        result = default;
        if (_cancellation.IsCancellationRequested)
            result = GiveCancelled();
        else if (!_examinedAll || _ended)
            result = Give();
        else
            return false;
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // The offset within one piece counts from the piece's beginning, not from the sequence's.
        long end = _given.GetOffset(_given.End);
        long taken = _given.GetOffset(consumed) - _given.GetOffset(_given.Start);
        _examinedAll = _given.GetOffset(examined) == end;
        _given = _given.Slice(taken);
        _received.Take((int)taken);
    }

    /// <summary>Ends the read that waits, or the next one, with <see cref="ReadResult.IsCanceled"/>. Any thread.</summary>
    public override void CancelPendingRead() => _cancellation.Cancel();

    /// <summary>The end of reading: what was received is dropped, and the stream disposed unless it was to be left open.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        (_received, _given) = (new ReceiveBuffer(), default);
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
            ReadResult result = GiveCancelled();
            asked.ThrowIfCancellationRequested();
            return result;
        }
    }

    private ReadResult Received(int count)
    {
        _received.Advance(count);
        _examinedAll = false;
        _ended = count == 0;
        return Give();
    }

    private ReadResult GiveCancelled()
    {
        _cancellation = new CancellationTokenSource();
        return Give(isCancelled: true);
    }

    private ReadResult Give(bool isCancelled = false)
    {
        _given = new ReadOnlySequence<byte>(_received.Memory);
        return new ReadResult(_given, isCancelled, _ended);
    }
}
