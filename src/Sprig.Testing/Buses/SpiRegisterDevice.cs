using System.Device.Spi;

namespace Sprig.Testing.Buses;

/// <summary>A chip on SPI that is a table of registers: the first byte names the register in seven bits, its highest bit says whether the
/// rest is read (1) or written (0), as at Bosch's and most others' sensors.</summary>
/// <remarks>Any thread; one transfer at a time. A chip whose data sheet counts that bit as part of the address, as a BME280's 0xF7, has the
/// register at the other seven bits, 0x77.</remarks>
/// <example><code>
/// SpiRegisterDevice chip = new(new SpiConnectionSettings(0, 0), maximumClock: 10_000_000);
/// chip.Registers[0x0F] = 0x33;                    // who am I
/// using SprigSpiDevice device = new(chip);
/// </code></example>
public class SpiRegisterDevice : SimulatedSpiDevice
{
    private const byte ReadBit = 0x80;

    /// <summary>A chip, spoken to with these settings.</summary>
    /// <param name="settings">As the program gives them.</param>
    /// <param name="maximumClock">The most that the data sheet allows, in Hz.</param>
    /// <param name="registers">The table; of 128 registers of 8 bits are used, which go on to the next by themselves, unless given.</param>
    /// <param name="modes">Those that the chip understands; mode 0 alone unless given.</param>
    /// <exception cref="ArgumentException">The chip understands no such mode, clock, or number of bits.</exception>
    public SpiRegisterDevice(SpiConnectionSettings settings, int maximumClock, RegisterDevice? registers = null, params ReadOnlySpan<SpiMode> modes)
        : base(settings, maximumClock, modes) => Registers = registers ?? new RegisterDevice();

    /// <summary>Its registers, 0 to 127, with their functions; they are used on this bus alone.</summary>
    public RegisterDevice Registers { get; }

    /// <inheritdoc/>
    protected override void OnTransfer(ReadOnlySpan<byte> written, Span<byte> read)
    {
        if (written.IsEmpty)
            return;
        Span<byte> sent = written.ToArray();
        sent[0] &= unchecked((byte)~ReadBit);
        if ((written[0] & ReadBit) == 0)
            Registers.Take(sent);
        else
            Registers.Give(sent[0], read[1..]);
    }
}
