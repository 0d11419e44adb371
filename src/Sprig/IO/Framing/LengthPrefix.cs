namespace Sprig.IO.Framing;

/// <summary>How a length is written before a frame: 2 bytes, high byte first, counting what follows it, unless said.</summary>
/// <example><code>
/// new LengthPrefix { Size = 1 }                                    // 03 'a' 'b' 'c'
/// new LengthPrefix { LowByteFirst = true, Adjustment = -2 }        // 05 00 'a' 'b' 'c': it counts itself
/// new LengthPrefix { Size = 1, Offset = 2 }                        // address, function, 03, 'a' 'b' 'c': the frame is all six
/// </code></example>
public sealed record LengthPrefix
{
    /// <summary>Its size: 1, 2 or 4 bytes.</summary>
    public int Size { get; init; } = 2;

    /// <summary>The order of its bytes.</summary>
    public bool LowByteFirst { get; init; }

    /// <summary>So many bytes stand before it. They belong to the frame, and so does then the prefix: see <see cref="IsKept"/>.</summary>
    public int Offset { get; init; }

    /// <summary>So many bytes follow beside those that it counts: 2 for a CRC that it leaves out; -2 where it counts its own two.</summary>
    public int Adjustment { get; init; }

    /// <summary>Whether the frame is the whole, from its first byte on, so that a check may cover the length too. What a frame to be
    /// written has in the place of the length is overwritten. Always so with an <see cref="Offset"/>.</summary>
    public bool IsKept { get; init; }
}
