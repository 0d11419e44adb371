using System.Diagnostics;
using Sprig.Testing.Buses;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>An ADS1115 after the data sheet SBAS444: four registers of 16 bits, a conversion that takes 1/data rate, OS that says
/// when it is over, and ALERT/RDY, which pulses for each conversion when the thresholds ask for it (section 9.3.8).</summary>
internal sealed class Ads1115Chip : RegisterDevice
{
    internal const int Low = 2;
    private const int Conversion = 0, Config = 1, High = 3;
    private static readonly double[] s_fullScale = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
    private static readonly int[] s_rates = [8, 16, 32, 64, 128, 250, 475, 860];
    private long _ready;

    internal Ads1115Chip()
        : base(registerBytes: 2, autoIncrement: false)
    {
        Load(Conversion, 0, 0x8583, 0x8000, 0x7FFF);
        MakeReadOnly(Conversion);
        WhenWritten(Config, OnConfig);
        WhenRead(Config, () => this[Config] & 0x7FFF | (Stopwatch.GetTimestamp() >= _ready ? 0x8000 : 0));
        WhenRead(Conversion, () =>
        {
            if (IsContinuous || Stopwatch.GetTimestamp() >= _ready)
                this[Conversion] = Code();
            return this[Conversion];
        });
    }

    /// <summary>The volts at AIN0 to AIN3.</summary>
    internal double[] Inputs { get; } = new double[4];

    /// <summary>Hears the level of ALERT/RDY, which is open drain: low when it has something to say.</summary>
    internal Action<bool>? Alert { get; set; }

    private bool IsContinuous => (this[Config] & 0x0100) == 0;

    /// <summary>A conversion of the continuous mode comes to its end.</summary>
    internal void Convert()
    {
        bool says = IsContinuous && (this[Config] & 3) != 3 && this[High] >= 0x8000 && this[Low] < 0x8000;
        if (!says)
            return;
        Alert?.Invoke(false);
        Alert?.Invoke(true);
    }

    private void OnConfig(int value)
    {
        if ((value & 0x8100) == 0x8100)
            _ready = Stopwatch.GetTimestamp() + Stopwatch.Frequency / s_rates[value >> 5 & 7];
    }

    /// <summary>Table 3 and equation of section 9.5.4: FSR/32768 a step, two's complement, clipped.</summary>
    private int Code()
    {
        int mux = this[Config] >> 12 & 7;
        double volts = mux switch
        {
            0 => Inputs[0] - Inputs[1],
            1 => Inputs[0] - Inputs[3],
            2 => Inputs[1] - Inputs[3],
            3 => Inputs[2] - Inputs[3],
            _ => Inputs[mux - 4],
        };
        return (int)Math.Clamp(Math.Round(volts * 32768 / s_fullScale[this[Config] >> 9 & 7]), short.MinValue, short.MaxValue) & 0xFFFF;
    }
}
