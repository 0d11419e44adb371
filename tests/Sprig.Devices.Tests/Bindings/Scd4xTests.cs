using Iot.Device.Scd4x;
using Sprig.Devices.Buses;
using Sprig.Devices.Tests.Bindings.Chips;
using Sprig.Scheduling;
using Sprig.Testing.Buses;
using UnitsNet;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Scd4xTests
{
    /// <summary>The example of the data sheet, section 3.5.2: 500 ppm, 25 degrees, 37 percent. Both forms at once, because the
    /// binding waits for the five seconds of the measurement by the real clock, which no test can set.</summary>
    [Fact]
    public void It_measures_in_its_lane_and_in_its_async_form() => Proof.Run(async proof =>
    {
        Scd4xChip chip = Chip(), other = Chip();
        proof.Bus.Attach(Scd4x.DefaultI2cAddress, chip);
        SimulatedI2cBus otherBus = new();
        otherBus.Attach(Scd4x.DefaultI2cAddress, other);
        using SprigI2cBus otherI2c = new(otherBus);
        Coroutine<(VolumeConcentration?, RelativeHumidity?, Temperature?)> inAsyncForm = Coroutine.Spawn(async () =>
        {
            using Scd4x scd = await otherI2c.Lane.RunAsync(() => new Scd4x(otherI2c.CreateDevice(Scd4x.DefaultI2cAddress)));
            other.CorruptFrom = 2;
            return await scd.ReadPeriodicMeasurementAsync();
        });

        using (Scd4x scd = await proof.InLane(() => new Scd4x(proof.I2c.CreateDevice(Scd4x.DefaultI2cAddress))))
        {
            Assert.Equal(1, chip.Reinits);
            // 1013 hPa are 0x03F5 in the chip's unit; the binding sends 0, whatever it is given.
            await proof.InLane(() => scd.SetPressureCalibration(Pressure.FromHectopascals(1013)));
            Assert.Equal<ushort?>(0, chip.Pressure);
            await proof.InLane(scd.StartPeriodicMeasurements);
            (VolumeConcentration? co2, RelativeHumidity? humidity, Temperature? temperature) = await proof.InLane(scd.ReadPeriodicMeasurement);
            Assert.Equal(500, co2!.Value.PartsPerMillion, 6);
            Assert.Equal(37.0, humidity!.Value.Percent, 1);
            Assert.Equal(25.0, temperature!.Value.DegreesCelsius, 2);
            // What was read is kept for the properties; they read nothing until the next is due.
            int transfers = proof.Bus.Transfers.Count;
            Assert.Equal(500, scd.Co2.PartsPerMillion, 6);
            Assert.Equal(transfers, proof.Bus.Transfers.Count);
            await proof.InLane(scd.Dispose);
            Assert.False(chip.IsMeasuring);
        }

        // A word with a wrong checksum is null, the others are there.
        (VolumeConcentration? otherCo2, RelativeHumidity? otherHumidity, _) = await inAsyncForm;
        Assert.Equal(500, otherCo2!.Value.PartsPerMillion, 6);
        Assert.Null(otherHumidity);
        Assert.Equal((0, 0), (chip.Impatience, other.Impatience));
    });

    private static Scd4xChip Chip() => new() { Co2 = 0x01F4, Temperature = 0x6667, Humidity = 0x5EB9 };
}
