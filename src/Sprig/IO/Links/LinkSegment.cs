namespace Sprig.IO.Links;

/// <summary>Bytes that were sent together and are not known to have come in order: what one frame carried last.</summary>
internal sealed class LinkSegment
{
    internal long Start { get; set; }

    /// <summary>After its last byte, and after the end of the stream if it carries that: it counts as one.</summary>
    internal long End { get; set; }

    internal bool IsLast { get; set; }

    /// <summary>When it was sent last.</summary>
    internal long SentAt { get; set; }

    /// <summary>Its place in the order of all that was sent.</summary>
    internal long Order { get; set; }

    /// <summary>The place from which on what was sent may have come: earlier than <see cref="Order"/> where it was sent again without
    /// proof that it was lost.</summary>
    internal long SureOrder { get; set; }

    /// <summary>Bytes it took on the line.</summary>
    internal int WireLength { get; set; }

    internal LinkSegmentState State { get; set; }

    /// <summary>Waits to be sent again without proof that it was lost.</summary>
    internal bool IsSuspect { get; set; }

    /// <summary>Stands in the list of those that wait to be sent again.</summary>
    internal bool IsListed { get; set; }

    internal LinkSegment? Next { get; set; }

    internal LinkSegment? NextLost { get; set; }

    internal int DataLength => (int)(End - Start) - (IsLast ? 1 : 0);
}
