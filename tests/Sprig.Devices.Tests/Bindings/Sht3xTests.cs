using Iot.Device.Sht3x;
using Sprig.Devices.Tests.Bindings.Chips;
using UnitsNet;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Sht3xTests
{
    private const int Address = 0x44;

    [Fact]
    public void The_checksum_is_the_data_sheets() => Assert.Equal(0x92, SensirionChip.Crc([0xBE, 0xEF]));

    [Theory]
    [InlineData(Resolution.High, "high")]
    [InlineData(Resolution.Medium, "medium")]
    [InlineData(Resolution.Low, "low")]
    public void It_measures_in_its_lane(Resolution resolution, string repeatability) => Proof.Run(async proof =>
    {
        // The formulas of section 4.13: -45 + 175 * 0x6667 / 65535 and 100 * 0x8000 / 65535.
        Sht3xChip chip = new() { Temperature = 0x6667, Humidity = 0x8000 };
        proof.Bus.Attach(Address, chip);
        using Sht3x sht = await proof.InLane(() => new Sht3x(proof.I2c.CreateDevice(Address), resolution));
        Assert.Equal(25.0, (await proof.InLane(() => sht.Temperature)).DegreesCelsius, 6);
        Assert.Equal(50.0, (await proof.InLane(() => sht.Humidity)).Percent, 6);
        Assert.Equal((1, repeatability, 0), (chip.Resets, chip.Repeatability, chip.Impatience));
        await proof.InLane(() => sht.Heater = true);
        Assert.True(chip.Heater);
    });

    /// <summary>It says nothing of a wrong checksum: it gives the last good value again.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_comes_with_a_wrong_checksum_is_not_taken(int corruptWord) => Proof.Run(async proof =>
    {
        Sht3xChip chip = new() { Temperature = 0x6667, Humidity = 0x8000 };
        proof.Bus.Attach(Address, chip);
        using Sht3x sht = await proof.InLane(() => new Sht3x(proof.I2c.CreateDevice(Address)));
        await proof.InLane(() => sht.Temperature);
        (chip.Temperature, chip.CorruptFrom) = (0xFFFF, corruptWord);
        Assert.Equal(25.0, (await proof.InLane(() => sht.Temperature)).DegreesCelsius, 6);
        chip.CorruptFrom = null;
        Temperature now = await proof.InLane(() => sht.Temperature);
        Assert.Equal(130.0, now.DegreesCelsius, 6);
    });
}
