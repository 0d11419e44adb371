namespace Sprig.IO.Links;

/// <summary>What an ack has told.</summary>
internal struct AckOutcome
{
    /// <summary>Something has come that was not known to.</summary>
    internal bool HasProgress;

    /// <summary>The round trip it measures, in nanoseconds; 0 when it measures none.</summary>
    internal long RoundTrip;

    /// <summary>The latest in the order of sending that it brings news of.</summary>
    internal long Newest;

    /// <summary>When that was sent.</summary>
    internal long SentAt;

    /// <summary>Bytes on the line that it tells of.</summary>
    internal int WireBytes;

    /// <summary>Segments that were found lost.</summary>
    internal int Lost;
}
