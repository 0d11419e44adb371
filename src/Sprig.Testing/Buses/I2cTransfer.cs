namespace Sprig.Testing.Buses;

/// <summary>What went over a <see cref="SimulatedI2cBus"/> between a start and its stop.</summary>
/// <param name="Address">Who was spoken to.</param>
/// <param name="Written">The bytes that the program sent; empty if it only read.</param>
/// <param name="Read">The bytes that came back; empty if it only wrote, or if the transfer failed.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
public sealed record I2cTransfer(int Address, IReadOnlyList<byte> Written, IReadOnlyList<byte> Read, string? Error)
{
    /// <summary>"0x76 wrote D0 read 60", or with the error.</summary>
    public override string ToString()
        => $"0x{Address:X2}{BusText.Bytes(" wrote ", Written)}{BusText.Bytes(" read ", Read)}{(Error is null ? "" : $" failed: {Error}")}";
}
