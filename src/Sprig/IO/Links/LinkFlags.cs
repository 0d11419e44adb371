namespace Sprig.IO.Links;

/// <summary>The first byte of each frame: which parts follow, in this order.</summary>
[Flags]
internal enum LinkFlags : byte
{
    None = 0,

    /// <summary>What was received: see <see cref="LinkAck"/>.</summary>
    Ack = 1,

    /// <summary>Within the ack: bytes that came out of order.</summary>
    Ranges = 2,

    /// <summary>Asks for an ack, at once. In a <see cref="Hello"/>: for another one.</summary>
    Ask = 4,

    /// <summary>An offset and bytes, up to the end of the frame.</summary>
    Data = 8,

    /// <summary>Nothing comes after these bytes.</summary>
    Fin = 16,

    /// <summary>The session is over; the last byte says why.</summary>
    Reset = 32,

    /// <summary>Begins a session. Stands alone, or with <see cref="Ask"/>.</summary>
    Hello = 64,
}
