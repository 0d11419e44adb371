using System.Device.Spi;
using Sprig.Testing.Buses;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An MCP3008 after the data sheet DS21295, figures 5-1 and 6-1: bit by bit a start bit, single or differential, three
/// bits for the channel; one clock to sample, a null bit, ten bits of the result. Until the null bit its output floats, here it
/// is high.</summary>
/// <param name="settings">Modes 0 and 3, 3.6 MHz at 5 V.</param>
/// <param name="reference">VREF in volts.</param>
internal sealed class Mcp3008Chip(SpiConnectionSettings settings, double reference) : SimulatedSpiDevice(settings, 3_600_000, SpiMode.Mode0, SpiMode.Mode3)
{
    private const int ConfigurationBits = 5, SamplingClocks = 1, ResultBits = 10;

    /// <summary>The volts at the eight inputs.</summary>
    internal double[] Inputs { get; } = new double[8];

    protected override void OnTransfer(ReadOnlySpan<byte> written, Span<byte> read)
    {
        int total = written.Length * 8, start = 0;
        while (start < total && !Bit(written, start))
            start++;
        int nullBit = start + ConfigurationBits + SamplingClocks;
        int code = nullBit <= total ? Code(Number(written, start + 1, 4)) : 0;
        for (int clock = 0; clock < total; clock++)
        {
            int place = nullBit + ResultBits - clock;
            bool high = clock < nullBit || (clock > nullBit && place >= 0 && ((code >> place) & 1) == 1);
            read[clock / 8] |= (byte)(high ? 0x80 >> (clock % 8) : 0);
        }
    }

    /// <summary>Table 5-2: the bits SGL/DIFF, D2, D1, D0; differential inputs are neighbours, the odd numbers the other way
    /// round.</summary>
    private int Code(int configuration)
    {
        int channel = configuration & 7;
        double volts = (configuration & 8) != 0 ? Inputs[channel] : Inputs[channel] - Inputs[channel ^ 1];
        return Math.Clamp((int)(volts * 1024 / reference), 0, 1023);
    }

    private static int Number(ReadOnlySpan<byte> bytes, int from, int count)
    {
        int number = 0;
        for (int i = 0; i < count; i++)
            number = number << 1 | (Bit(bytes, from + i) ? 1 : 0);
        return number;
    }

    private static bool Bit(ReadOnlySpan<byte> bytes, int at) => (bytes[at / 8] >> (7 - at % 8) & 1) == 1;
}
