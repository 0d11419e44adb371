namespace Sprig.IO.Links;

/// <summary>What is known of a segment.</summary>
internal enum LinkSegmentState : byte
{
    /// <summary>Sent, and no news of it.</summary>
    InFlight,

    /// <summary>Waits to be sent again.</summary>
    Lost,

    /// <summary>Has come, out of order.</summary>
    Received,
}
