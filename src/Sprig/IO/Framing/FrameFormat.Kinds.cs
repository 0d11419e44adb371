namespace Sprig.IO.Framing;

/// <content>The formats of the field, and the layers.</content>
public abstract partial class FrameFormat
{
    /// <summary>Text lines as bytes: up to LF, without it and a CR before it. At the end of the stream a last line without LF counts
    /// as one. For strings see <see cref="LineReader"/>.</summary>
    /// <param name="maxLength">Without the end of the line.</param>
    /// <param name="crLf">Whether lines are written with CR and LF; both are read.</param>
    public static FrameFormat Lines(int maxLength = DefaultMaxLength, bool crLf = false) => new LineFormat(maxLength, crLf);

    /// <summary>Frames that each end with these bytes, which none may hold.</summary>
    public static FrameFormat Delimited(ReadOnlySpan<byte> delimiter, int maxLength = DefaultMaxLength) => new DelimitedFormat(delimiter, maxLength);

    /// <summary>Frames behind their length.</summary>
    /// <param name="prefix">How the length is written: 2 bytes, high byte first, unless said.</param>
    /// <param name="maxLength">A greater length is noise.</param>
    public static FrameFormat LengthPrefixed(LengthPrefix? prefix = null, int maxLength = DefaultMaxLength)
        => new LengthFormat(prefix ?? new LengthPrefix(), maxLength);

    /// <summary>Frames behind their length as a varint: 7 bits a byte, the lowest first, as Protocol Buffers delimits messages.</summary>
    public static FrameFormat VarintPrefixed(int maxLength = DefaultMaxLength) => new VarintFormat(maxLength);

    /// <summary>Consistent overhead byte stuffing: no zero within a frame, a zero behind it. One byte in 254 more, and whoever joins
    /// late finds the next frame: the first choice for a protocol of one's own.</summary>
    public static FrameFormat Cobs(int maxLength = DefaultMaxLength) => new CobsFormat(maxLength);

    /// <summary>SLIP (RFC 1055): END (0xC0) on both sides of a frame, escapes within it. An empty frame can't be sent.</summary>
    public static FrameFormat Slip(int maxLength = DefaultMaxLength) => new SlipFormat(maxLength);

    /// <summary>Frames of one length, one after the other. With <see cref="WithStart"/> or <see cref="WithCheck"/> they are found again
    /// after a byte was lost; without either they are not.</summary>
    public static FrameFormat Fixed(int length) => new FixedFormat(length);

    /// <summary>A frame ends when the line is silent, as in Modbus RTU. See <see cref="LineTiming"/> for how long.</summary>
    /// <param name="gap">At least 1 microsecond. What lies between line and program (the latency timer of a USB adapter: 16 ms, 1 ms at
    /// best) makes silences of its own: it must be longer than those.</param>
    /// <param name="maxLength">The longest frame.</param>
    /// <param name="characterTime">How long the line takes for a character: a writer then leaves the gap after the last one has gone out,
    /// not after it was handed to the kernel.</param>
    public static FrameFormat IdleGap(TimeSpan gap, int maxLength = DefaultMaxLength, TimeSpan characterTime = default)
        => new IdleGapFormat(gap, maxLength, characterTime);

    /// <summary>The same with a check value at the end of each frame, which the user does not see. A frame with a wrong one is dropped
    /// and counted. It counts in this format's <see cref="MaxLength"/>, so that the new one's is shorter.</summary>
    public FrameFormat WithCheck(FrameCheck check) => new CheckedFormat(this, check);

    /// <summary>The same with these bytes before each frame, which the user does not see: the search for a frame begins with
    /// them.</summary>
    public FrameFormat WithStart(ReadOnlySpan<byte> start) => new StartFormat(this, start);

    /// <summary>The same where a silence drops what was begun, so that half a frame does not swallow the next one. For how long see
    /// <see cref="IdleGap"/>.</summary>
    public FrameFormat WithGap(TimeSpan gap) => new GapFormat(this, gap);
}
