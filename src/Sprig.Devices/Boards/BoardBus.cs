namespace Sprig.Devices.Boards;

/// <summary>A bus, or another block of the processor, that takes pins of a header.</summary>
public sealed class BoardBus
{
    /// <summary>As I2C1.</summary>
    public required string Name { get; init; }

    /// <summary>i2c, spi, uart, onewire, storage or display.</summary>
    public required string Kind { get; init; }

    /// <summary>What a program opens, as /dev/i2c-1; null where that differs from kernel to kernel.</summary>
    public string? Device { get; init; }

    /// <summary>A path that is there only while the bus has the pins; null where nothing tells.</summary>
    public string? Active { get; init; }

    /// <summary>The names of its pins.</summary>
    public required IReadOnlyList<string> Pins { get; init; }
}
