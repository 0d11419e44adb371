namespace Sprig.Testing.Buses;

/// <summary>What went over the wires of a <see cref="SimulatedSpiDevice"/> while its chip select was active.</summary>
/// <param name="Written">The bytes that the program sent.</param>
/// <param name="Read">The bytes that the chip sent meanwhile, as many; empty if the transfer failed.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
public sealed record SpiTransfer(IReadOnlyList<byte> Written, IReadOnlyList<byte> Read, string? Error)
{
    /// <summary>"wrote 01 80 00 read 00 02 A5", or with the error.</summary>
    public override string ToString()
        => $"{BusText.Bytes("wrote ", Written)}{BusText.Bytes(" read ", Read)}{(Error is null ? "" : $" failed: {Error}")}";
}
