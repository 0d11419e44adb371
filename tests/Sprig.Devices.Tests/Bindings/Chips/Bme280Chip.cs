using System.Diagnostics;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Devices.Tests.Bindings.Chips;

/// <summary>A BME280 on I2C after the data sheet BST-BME280-DS002: chip id, calibration, and a forced measurement that takes its time and
/// leaves the raw values behind. Before one they read as the data sheet's reset values.</summary>
internal sealed class Bme280Chip : RegisterDevice
{
    private const int CtrlHum = 0xF2, CtrlMeas = 0xF4, Data = 0xF7;
    private static readonly byte[] s_reset = [0x80, 0, 0, 0x80, 0, 0, 0x80, 0];
    private readonly byte[] _raw;
    private int _humidityOversampling;
    private long _ready = long.MaxValue;
    private byte[] _measured = s_reset;

    internal Bme280Chip(byte[] calibration, byte[] raw)
    {
        Assert.Equal((32, 8), (calibration.Length, raw.Length));
        _raw = raw;
        this[0xD0] = 0x60;
        for (int i = 0; i < 24; i++)
            this[0x88 + i] = calibration[i];
        this[0xA1] = calibration[24];
        for (int i = 0; i < 7; i++)
            this[0xE1 + i] = calibration[25 + i];
        MakeReadOnly(0x88, 0xE0 - 0x88);
        MakeReadOnly(0xE1, CtrlHum - 0xE1);
        MakeReadOnly(Data, 8);
        for (int i = 0; i < 8; i++)
        {
            int which = i;
            WhenRead(Data + i, () => Measured()[which]);
        }

        WhenWritten(CtrlMeas, OnCtrlMeas);
    }

    /// <summary>How often it has measured.</summary>
    internal int Measurements { get; private set; }

    /// <summary>Pairs of a register and its value, as section 6.2.1 has it: the chip increments for reading alone.</summary>
    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        base.OnWrite(bytes[..Math.Min(1, bytes.Length)]);
        for (; bytes.Length >= 2; bytes = bytes[2..])
            Write(bytes[0], bytes[1]);
    }

    /// <summary>What was measured is there when the typical time of section 9.1 has passed since the measurement began.</summary>
    private byte[] Measured()
    {
        if (Stopwatch.GetTimestamp() < _ready)
            return _measured;
        _ready = long.MaxValue;
        Measurements++;
        int control = this[CtrlMeas];
        _measured =
        [
            .. (((control >> 2) & 7) == 0 ? s_reset : _raw)[..3],
            .. ((control >> 5) == 0 ? s_reset : _raw)[3..6],
            .. (_humidityOversampling == 0 ? s_reset : _raw)[6..],
        ];
        this[CtrlMeas] = control & ~3;
        return _measured;
    }

    private void OnCtrlMeas(int value)
    {
        // A change of ctrl_hum is heard with the next write of ctrl_meas only.
        _humidityOversampling = this[CtrlHum] & 7;
        if ((value & 3) is not (1 or 2))
            return;
        double milliseconds = 1 + 2 * Times(value >> 5) + Extra(value >> 2) + Extra(_humidityOversampling);
        _ready = Stopwatch.GetTimestamp() + (long)(milliseconds * Stopwatch.Frequency / 1000);
    }

    private static int Times(int oversampling) => (oversampling & 7) switch
    {
        0 => 0,
        int n => 1 << (Math.Min(n, 5) - 1),
    };

    private static double Extra(int oversampling) => Times(oversampling) is var times && times == 0 ? 0 : 2 * times + 0.5;
}
