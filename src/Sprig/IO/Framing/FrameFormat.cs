namespace Sprig.IO.Framing;

/// <summary>How frames lie in a stream of bytes: where each begins and ends. The formats of the field are made by the static
/// methods, and are laid on each other by <see cref="WithCheck"/>, <see cref="WithStart"/> and <see cref="WithGap"/>; one of your own
/// needs <see cref="Decode"/>, <see cref="Encode"/> and <see cref="GetMaxEncodedLength"/>.</summary>
/// <remarks>Without state: one object may serve any number of readers and writers. What was received in part, what was too long, how
/// the bytes add up: all that is the <see cref="FrameReader"/>'s.</remarks>
public abstract partial class FrameFormat
{
    /// <summary>What a frame may hold unless said otherwise, in bytes.</summary>
    public const int DefaultMaxLength = 4096;

    /// <summary>A format whose frames have at most so many bytes: this is what bounds the memory against noise.</summary>
    protected FrameFormat(int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, LargestMaxLength);
        MaxLength = maxLength;
    }

    /// <summary>The longest frame, in bytes as the user sees it.</summary>
    public int MaxLength { get; }

    /// <summary>A silence of this length ends what was begun; <see cref="Timeout.InfiniteTimeSpan"/>: no silence does.</summary>
    public virtual TimeSpan Gap => Timeout.InfiniteTimeSpan;

    /// <summary>Whether the end of a frame can be told without trusting its beginning, as that of a line can: then the search goes on
    /// behind a bad frame. Where it can't (a length that noise has changed), it goes on one byte further.</summary>
    public virtual bool HasBoundaries => true;

    /// <summary>What ends a frame that was broken off: sent before the next one after a write that failed. Empty where nothing does.</summary>
    public virtual ReadOnlySpan<byte> Boundary => default;

    private const int LargestMaxLength = 1 << 28;

    /// <summary>How many bytes a frame of <paramref name="length"/> bytes takes on the line, at most.</summary>
    public abstract int GetMaxEncodedLength(int length);

    /// <summary>Writes a frame as it goes over the line; gives the length.</summary>
    /// <param name="frame">At most <see cref="MaxLength"/> bytes.</param>
    /// <param name="destination"><see cref="GetMaxEncodedLength"/> bytes at least, apart from the frame's.</param>
    /// <exception cref="ArgumentException">The format can't carry this frame.</exception>
    public abstract int Encode(ReadOnlySpan<byte> frame, Span<byte> destination);

    /// <summary>Looks for what lies at the beginning of <paramref name="received"/>: a frame, something to drop, or nothing whole
    /// yet. A frame that is too long need not be told from others: the reader measures.</summary>
    /// <param name="received">At least one byte. May be decoded in place, as far as it is consumed.</param>
    /// <param name="look">What else is known.</param>
    public abstract FrameStep Decode(Span<byte> received, FrameLook look);

    /// <summary>How long the line is to be silent after a frame of so many bytes was handed to it.</summary>
    protected internal virtual TimeSpan QuietAfter(int encodedLength) => TimeSpan.Zero;
}
