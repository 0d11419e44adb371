using Iot.Device.Ads1115;
using Sprig.Devices.Tests.Bindings.Chips;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Ads1115Tests
{
    private const int Address = 0x48;

    [Fact]
    public void It_measures_the_inputs_in_its_lane() => Proof.Run(async proof =>
    {
        Ads1115Chip chip = new();
        (chip.Inputs[0], chip.Inputs[1]) = (1.5, -0.25);
        proof.Bus.Attach(Address, chip);
        using Ads1115 adc = await proof.InLane(() => new Ads1115(proof.I2c.CreateDevice(Address), deviceMode: DeviceMode.PowerDown));
        // 125 µV a step at ±4.096 V: table 3 of the data sheet.
        Assert.Equal(12000, await proof.InLane(() => adc.ReadRaw()));
        Assert.Equal(1.5, (await proof.InLane(() => adc.ReadVoltage())).Volts, 9);
        Assert.Equal(1.75, (await proof.InLane(() => adc.ReadVoltage(InputMultiplexer.AIN0_AIN1))).Volts, 9);
        Assert.Equal(-2000, await proof.InLane(() => adc.ReadRaw(InputMultiplexer.AIN1)));
    });

    /// <summary>Table 8 of the data sheet: full scale and above is 7FFFh, its negative 8000h, 0 is 0.</summary>
    [Fact]
    public void Codes_are_those_of_the_data_sheet() => Proof.Run(async proof =>
    {
        Ads1115Chip chip = new();
        proof.Bus.Attach(Address, chip);
        using Ads1115 adc = await proof.InLane(() => new Ads1115(
            proof.I2c.CreateDevice(Address), InputMultiplexer.AIN0, MeasuringRange.FS2048, DataRate.SPS860, DeviceMode.PowerDown));
        foreach ((double volts, int code) in new[] { (2.048, 0x7FFF), (3.0, 0x7FFF), (2.048 / 32768, 1), (0, 0), (-2.048 / 32768, -1), (-2.048, -0x8000) })
        {
            chip.Inputs[0] = volts;
            Assert.Equal(code, await proof.I2c.Lane.RunAsync(() => adc.ReadRaw()));
        }
    });

    [Fact]
    public void In_continuous_mode_it_follows_the_input() => Proof.Run(async proof =>
    {
        Ads1115Chip chip = new();
        proof.Bus.Attach(Address, chip);
        using Ads1115 adc = await proof.InLane(() => new Ads1115(proof.I2c.CreateDevice(Address)));
        foreach (double volts in new[] { 0.5, 1, 3.3 })
        {
            chip.Inputs[0] = volts;
            Assert.Equal(volts, (await proof.InLane(() => adc.ReadVoltage())).Volts, 3);
        }
    });

    /// <summary>The second half of its constructor tries again after an <see cref="IOException"/>, with 100 ms of Thread.Sleep
    /// between: one more reason for a lane.</summary>
    [Fact]
    public void A_bus_that_fails_once_does_not_fail_it() => Proof.Run(async proof =>
    {
        Ads1115Chip chip = new();
        proof.Bus.Attach(Address, chip);
        chip.Inputs[0] = 1;
        bool hasFailed = false;
        chip.WhenWritten(Ads1115Chip.Low, _ =>
        {
            if (hasFailed)
                return;
            hasFailed = true;
            throw new IOException("Error 121 (Remote I/O error) performing I2C data transfer.");
        });
        using Ads1115 adc = await proof.InLane(() => new Ads1115(proof.I2c.CreateDevice(Address), deviceMode: DeviceMode.PowerDown));
        Assert.True(hasFailed);
        Assert.Equal(8000, await proof.InLane(() => adc.ReadRaw()));
    });
}
