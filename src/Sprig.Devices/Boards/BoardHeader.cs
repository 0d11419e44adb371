namespace Sprig.Devices.Boards;

/// <summary>A header of a board: two rows, odd numbers in the one and even ones in the other.</summary>
public sealed class BoardHeader
{
    /// <summary>As it is printed on the board, or called: J8.</summary>
    public required string Name { get; init; }

    /// <summary>What stands before a pin's number in its place: P gives P11, P8_ gives P8_3.</summary>
    public required string Prefix { get; init; }

    /// <summary>Its pins, from 1.</summary>
    public required IReadOnlyList<BoardPin> Pins { get; init; }
}
