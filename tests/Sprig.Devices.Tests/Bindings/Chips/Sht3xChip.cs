namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An SHT3x after its data sheet of December 2022: single shots without clock stretching (table 9), heater, soft reset;
/// the durations of table 4.</summary>
internal sealed class Sht3xChip : SensirionChip
{
    /// <summary>The raw temperature: -45 + 175 * it / 65535 degrees.</summary>
    internal ushort Temperature { get; set; }

    /// <summary>The raw humidity: 100 * it / 65535 percent.</summary>
    internal ushort Humidity { get; set; }

    internal bool Heater { get; private set; }

    internal int Resets { get; private set; }

    internal string Repeatability { get; private set; } = "";

    protected override void OnCommand(ushort command, ushort argument)
    {
        switch (command)
        {
            case 0x30A2:
                Resets++;
                BusyFor(1.5);
                break;
            case 0x306D or 0x3066:
                Heater = command == 0x306D;
                break;
            case 0x2400 or 0x240B or 0x2416:
                (Repeatability, double duration) = command switch
                {
                    0x2400 => ("high", 15.5),
                    0x240B => ("medium", 6.5),
                    _ => ("low", 4.5),
                };
                BusyFor(duration);
                Answer(Temperature, Humidity);
                break;
            default:
                throw NotAcknowledged($"no command 0x{command:X4}");
        }
    }
}
