using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO.Framing;

/// <content>The buffer, and what fills it.</content>
public sealed partial class FrameReader
{
    /// <summary>What ReceiveAsync gives when the line was silent for the gap.</summary>
    private const int Silence = -1;
    private const int LeastRoom = 512;
    private const int Page = 4096;

    private readonly IReconnecting? _reconnecting;
    private long _reopened;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private MonotonicTime _lastReceived;

    private ValueTask<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        TimeSpan gap = _format.Gap;
        // Silence before a frame means nothing; behind the beginning of one, or of what is passed over, it does.
        bool untimed = gap == Timeout.InfiniteTimeSpan || (_start == _end && !_isHunting);
        Memory<byte> room = MakeRoom();
        if (untimed)
            return _stream.ReadAsync(room, cancellationToken);
        return _stream is FdStream ours
            ? ours.ReadUntilAsync(room, _lastReceived + gap, cancellationToken)
            : ReceiveInTimeAsync(room, _lastReceived + gap, cancellationToken);
    }

    /// <summary>The same for a foreign stream, whose read is ended as foreign code is: by a token.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReceiveInTimeAsync(Memory<byte> room, MonotonicTime due, CancellationToken cancellationToken)
    {
        TimeSpan left = due - MonotonicTime.Now;
        using Deadline deadline = Deadline.After(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _stream.ReadAsync(room, both.Token);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == both.Token)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.HasPassed)
                return Silence;
            // A deadline further out, or a kill: told by the token that they know.
            deadline.Token.ThrowIfCancellationRequested();
            throw;
        }
        catch (DeadlineExceededException e) when (e.Deadline == deadline)
        {
            return Silence;
        }
    }

    private void OnReceived(int count)
    {
        if (count == Silence)
        {
            _cut = FrameCut.Gap;
            return;
        }

        if (_format.Gap != Timeout.InfiniteTimeSpan)
            _lastReceived = MonotonicTime.Now;
        _cut = count == 0 ? FrameCut.End : FrameCut.None;
        int held = _end - _start;
        _end += count;
        _counts.BytesReceived += count;
        if (_reconnecting is not null && _reconnecting.ReopenCount != _reopened)
            DropTorn(held);
    }

    /// <summary>What was begun before the device went and came back has no rest: what comes is none of it.</summary>
    private void DropTorn(int held)
    {
        _reopened = _reconnecting!.ReopenCount;
        if (held > 0)
            Drop(held, FrameFault.Truncated, _buffer.AsSpan(_start, held), hunting: false);
        _isHunting = false;
    }

    /// <summary>Room at the end: by moving the rest of what was received to the beginning, by a greater buffer only where a frame fills
    /// this one. What is incomplete is never longer than the longest frame, so neither is the buffer, but for a page.</summary>
    private Memory<byte> MakeRoom()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_buffer.Length - _end < LeastRoom)
        {
            int kept = _end - _start;
            byte[] target = _buffer.Length - kept < LeastRoom ? new byte[NextSize(_buffer.Length)] : _buffer;
            _buffer.AsSpan(_start, kept).CopyTo(target);
            _buffer = target;
            (_start, _end) = (0, kept);
        }

        return _buffer.AsMemory(_end);
    }

    private int NextSize(int size) => Math.Max(size + Page, Math.Min(2 * size, _limit + Page));

    private static int FirstSize(FrameFormat format) => Math.Clamp(2 * format.GetMaxEncodedLength(format.MaxLength), 2 * LeastRoom, Page);
}
