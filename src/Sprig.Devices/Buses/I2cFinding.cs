namespace Sprig.Devices.Buses;

/// <summary>What a scan has found at an address of an I2C bus.</summary>
/// <param name="Address">Seven bits.</param>
/// <param name="Driver">The driver of the kernel that holds it, which was not asked whether it is there; null: it has
/// answered.</param>
public readonly record struct I2cFinding(int Address, string? Driver);
