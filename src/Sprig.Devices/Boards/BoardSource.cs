namespace Sprig.Devices.Boards;

/// <summary>Where facts of a board's file are from.</summary>
public sealed class BoardSource
{
    /// <summary>What document.</summary>
    public required string Title { get; init; }

    /// <summary>Where it can be read.</summary>
    public required string Address { get; init; }

    /// <summary>Which facts.</summary>
    public required string Facts { get; init; }
}
