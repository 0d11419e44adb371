namespace Sprig.Devices.Boards;

/// <summary>A GPIO chip behind a board's headers. Its number moves between kernels; label and device don't.</summary>
public sealed class BoardChip
{
    /// <summary>By what the pins name it.</summary>
    public required string Id { get; init; }

    /// <summary>The kernel's label, as pinctrl-rp1.</summary>
    public required string Label { get; init; }

    /// <summary>Its device, as 44e07000.gpio, where the label depends on the order in which the kernel finds chips; else null.</summary>
    public string? Device { get; init; }
}
