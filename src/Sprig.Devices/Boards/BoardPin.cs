using System.Text.Json.Serialization;

namespace Sprig.Devices.Boards;

/// <summary>One pin of a board's header.</summary>
public sealed class BoardPin
{
    /// <summary>Its number in the header, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What it is.</summary>
    public required BoardPinKind Kind { get; init; }

    /// <summary>Its name, as GPIO17 or 3V3.</summary>
    public required string Name { get; init; }

    /// <summary>Its place: the header's prefix and its number, as P11 or P8_3.</summary>
    [JsonIgnore]
    public string Place { get; internal set; } = "";

    /// <summary>The chip of its line (<see cref="BoardChip.Id"/>); null where it has none.</summary>
    public string? Chip { get; init; }

    /// <summary>The line's offset in the chip; null where it has none.</summary>
    public int? Line { get; init; }

    /// <summary>What else it can be, as I2C1 SDA.</summary>
    public IReadOnlyList<string> Functions { get => field ?? []; init; }

    /// <summary>A second line that is wired to the same pin, and must stay an input; null where there is none.</summary>
    public string? Tied { get; init; }

    /// <summary>Name and place: GPIO17 (P11).</summary>
    public override string ToString() => $"{Name} ({Place})";
}
