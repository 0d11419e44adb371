namespace Sprig.IO.Links;

/// <summary>What a <see cref="ReliableLink"/> has done so far, and how it finds the line.</summary>
public sealed record LinkStatistics
{
    /// <summary>Bytes written to the link that are known to have come.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes that have come whole and in order.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes put onto the line: with headers, acknowledgements and what was sent again.</summary>
    public long LineBytesSent { get; init; }

    /// <summary>Bytes taken from the line, noise too.</summary>
    public long LineBytesReceived { get; init; }

    /// <summary>Frames sent, of all kinds.</summary>
    public long FramesSent { get; init; }

    /// <summary>Of these, data that had been sent before.</summary>
    public long FramesResent { get; init; }

    /// <summary>Whole frames of this session that have come.</summary>
    public long FramesReceived { get; init; }

    /// <summary>What came as a frame and was none: damaged, joined to another, or of another session.</summary>
    public long DamagedFrames { get; init; }

    /// <summary>Frames whose data had come already, or had no room.</summary>
    public long DuplicateFrames { get; init; }

    /// <summary>How often nothing was heard in time, and something was sent to find out.</summary>
    public long Timeouts { get; init; }

    /// <summary>Time from sending to hearing that it has come, smoothed; zero before the first.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>The probability that a byte is lost or damaged on the way out, as far as frames can tell.</summary>
    public double LossPerByte { get; init; }

    /// <summary>Bytes of data a frame is given now: by that probability.</summary>
    public int FramePayload { get; init; }

    /// <summary>Line bytes that may be on their way at once, as of now: by the round trip.</summary>
    public int FlightLimit { get; init; }
}
