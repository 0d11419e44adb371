using System.Diagnostics;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An SCD4x after its data sheet of April 2021: periodic measurement every 5 s, data ready status, read, stop (500 ms), reinit
/// (20 ms), ambient pressure. What takes 1 ms takes no time here: that is too short for holding a timer to it. While it measures it takes
/// only the commands of table 9 that say so.</summary>
internal sealed class Scd4xChip : SensirionChip
{
    private long _nextReady = long.MaxValue;

    internal ushort Co2 { get; set; }

    internal ushort Temperature { get; set; }

    internal ushort Humidity { get; set; }

    internal ushort? Pressure { get; private set; }

    internal bool IsMeasuring { get; private set; }

    internal int Reinits { get; private set; }

    private bool IsReady => Stopwatch.GetTimestamp() >= _nextReady;

    protected override void OnCommand(ushort command, ushort argument)
    {
        switch (command)
        {
            case 0x21B1 when !IsMeasuring:
                IsMeasuring = true;
                _nextReady = Stopwatch.GetTimestamp() + 5 * Stopwatch.Frequency;
                break;
            case 0xE4B8 when IsMeasuring:
                // Ready unless the 11 low bits are all 0.
                Answer(IsReady ? (ushort)0x8006 : (ushort)0x8000);
                break;
            case 0xEC05 when IsMeasuring && IsReady:
                Answer(Co2, Temperature, Humidity);
                _nextReady += 5 * Stopwatch.Frequency;
                break;
            case 0x3F86:
                IsMeasuring = false;
                _nextReady = long.MaxValue;
                BusyFor(500);
                break;
            case 0x3646 when !IsMeasuring:
                Reinits++;
                BusyFor(20);
                break;
            case 0xE000:
                Pressure = argument;
                break;
            default:
                throw NotAcknowledged($"command 0x{command:X4} is not for now");
        }
    }
}
