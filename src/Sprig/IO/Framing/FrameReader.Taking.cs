namespace Sprig.IO.Framing;

/// <content>From bytes to frames.</content>
public sealed partial class FrameReader
{
    private FrameFormat _format;
    private FrameCounts _counts;
    private FrameCut _cut;
    private int _limit;
    private int _examined;

    /// <summary>Something was dropped, and the reader is not in step again: what is dropped now belongs to the same fault.</summary>
    private bool _isHunting;

    /// <summary>Takes the next frame out of what was received; false when it holds none. After a cut it leaves nothing.</summary>
    private bool TryTake(out ReadOnlyMemory<byte> frame)
    {
        while (_start < _end)
        {
            FrameStep step = _format.Decode(_buffer.AsSpan(_start, _end - _start), new FrameLook(_examined, _cut));
            ThrowIfImpossible(step);
            switch (step.Kind)
            {
                case FrameStep.StepKind.Frame:
                    if (TryGive(step, out frame))
                        return true;
                    break;
                case FrameStep.StepKind.Drop:
                    Drop(step.Consumed, step.Fault, _buffer.AsSpan(_start + step.Offset, step.Length), !_format.HasBoundaries);
                    break;
                case FrameStep.StepKind.Skip when _isHunting:
                    // The end of what was too long: the whole of it was dropped but for this.
                    Drop(step.Consumed, FrameFault.TooLong, _buffer.AsSpan(_start, step.Consumed), !_format.HasBoundaries);
                    break;
                case FrameStep.StepKind.Skip:
                    Consume(step.Consumed);
                    _counts.OverheadBytes += step.Consumed;
                    break;
                default:
                    if (IsIncomplete(step.Consumed))
                    {
                        frame = default;
                        return false;
                    }

                    break;
            }
        }

        // Whatever was passed over has ended with the cut.
        if (_cut != FrameCut.None)
            _isHunting = false;
        frame = default;
        return false;
    }

    private bool TryGive(FrameStep step, out ReadOnlyMemory<byte> frame)
    {
        frame = _buffer.AsMemory(_start + step.Offset, step.Length);
        bool isTail = _isHunting && _format.HasBoundaries;
        if (isTail || step.Length > _format.MaxLength)
        {
            // The end of one whose beginning was dropped, or one that has come whole and is too long.
            int dropped = _format.HasBoundaries ? step.Consumed : 1;
            Drop(dropped, FrameFault.TooLong, _buffer.AsSpan(_start, dropped), !_format.HasBoundaries);
            frame = default;
            return false;
        }

        Consume(step.Consumed);
        _isHunting = false;
        _counts.Frames++;
        _counts.FrameBytes += step.Length;
        _counts.OverheadBytes += step.Consumed - step.Length;
        return true;
    }

    /// <summary>True when more is to be waited for; else something was dropped.</summary>
    private bool IsIncomplete(int examined)
    {
        int count = _end - _start;
        if (_cut != FrameCut.None)
        {
            Drop(count, FrameFault.Truncated, _buffer.AsSpan(_start, count), hunting: false);
        }
        else if (count > _limit)
        {
            // Noise must not fill the memory. What may be the beginning of a delimiter stays.
            int dropped = !_format.HasBoundaries ? 1 : examined > 0 ? examined : count;
            Drop(dropped, FrameFault.TooLong, _buffer.AsSpan(_start, dropped), hunting: true);
        }
        else
        {
            _examined = examined;
            return true;
        }

        return false;
    }

    /// <param name="consumed">How many bytes.</param>
    /// <param name="fault">Why.</param>
    /// <param name="shown">They, or what they were decoded to.</param>
    /// <param name="hunting">Whether the reader is out of step now; behind a boundary it is not.</param>
    private void Drop(int consumed, FrameFault fault, ReadOnlySpan<byte> shown, bool hunting)
    {
        if (!_isHunting)
            Count(fault);
        _isHunting = hunting;
        _counts.DroppedBytes += consumed;
        Consume(consumed);
        Dropped?.Invoke(fault, shown);
    }

    private void Count(FrameFault fault)
    {
        switch (fault)
        {
            case FrameFault.BadCheck:
                _counts.BadChecks++;
                break;
            case FrameFault.TooLong:
                _counts.TooLong++;
                break;
            case FrameFault.Truncated:
                _counts.Truncated++;
                break;
            default:
                _counts.Malformed++;
                break;
        }
    }

    private void Consume(int count)
    {
        _start += count;
        _examined = 0;
    }

    // A format of the user's own may be wrong: then it is told so, instead of looking at the same bytes for ever.
    private void ThrowIfImpossible(FrameStep step)
    {
        int count = _end - _start;
        bool isPossible = step.Kind == FrameStep.StepKind.More
            ? (uint)step.Consumed <= (uint)count
            : step.Consumed > 0 && step.Consumed <= count && step.Offset >= 0 && step.Length >= 0 && step.Offset + (long)step.Length <= step.Consumed;
        if (!isPossible)
            throw new InvalidOperationException($"{_format.GetType()} has decoded {step.Kind}({step.Offset}, {step.Length}, {step.Consumed}) of {count} bytes: a step takes at least one byte, no more than there are, and a frame lies within what it took.");
    }

    private void ForgetPosition()
    {
        _limit = _format.GetMaxEncodedLength(_format.MaxLength);
        _examined = 0;
        _isHunting = false;
    }
}
