using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.ReadResult;
using Sprig.Devices.Buses;
using Sprig.Devices.Tests.Bindings.Chips;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Bme280Tests
{
    /// <summary>A chip of a user's, with what it measured, from "BME280 Data to test Calculations" in Bosch's forum (2019): 24.44
    /// degrees, 54.17 percent. The pressure that is given there is, as its writer suspects, miscalculated.</summary>
    private static readonly byte[] s_calibration =
    [
        0x6C, 0x6E, 0x77, 0x66, 0x32, 0x00, 0xA8, 0x92, 0x27, 0xD5, 0xD0, 0x0B, 0x6F, 0x18, 0xCA, 0xFF, 0xF9, 0xFF, 0xAC, 0x26, 0x0A, 0xD8, 0xBD, 0x10,
        0x4B, 0x65, 0x01, 0x00, 0x14, 0x0B, 0x00, 0x1E,
    ];

    private static readonly byte[] s_raw = [0x55, 0x33, 0x80, 0x81, 0x7F, 0xB0, 0x79, 0x13];

    [Fact]
    public void It_measures_in_its_lane_what_Bosch_has_a_chip_measure() => Proof.Run(async proof =>
    {
        Bme280Chip chip = new(s_calibration, s_raw);
        proof.Bus.Attach(Bmx280Base.SecondaryI2cAddress, chip);
        using Bme280 bme = await proof.InLane(() => new Bme280(proof.I2c.CreateDevice(Bmx280Base.SecondaryI2cAddress)));
        Bme280ReadResult result = await proof.InLane(bme.Read);
        Assert.Equal(24.44, result.Temperature!.Value.DegreesCelsius, 2);
        Assert.Equal(54.17, result.Humidity!.Value.Percent, 2);
        Assert.Equal(1, chip.Measurements);
    });

    [Fact]
    public void Its_async_form_runs_on_the_loop_and_sleeps_there_by_Task_Delay() => Proof.Run(async proof =>
    {
        Bme280Chip chip = new(s_calibration, s_raw);
        proof.Bus.Attach(Bmx280Base.SecondaryI2cAddress, chip);
        using Bme280 bme = new(proof.I2c.CreateDevice(Bmx280Base.SecondaryI2cAddress));
        Bme280ReadResult result = await bme.ReadAsync();
        Assert.Equal(24.44, result.Temperature!.Value.DegreesCelsius, 2);
        Assert.Equal(54.17, result.Humidity!.Value.Percent, 2);
        Assert.Equal(1, chip.Measurements);
    });

    /// <summary>The worked example of the data sheet BST-BMP280-DS001, section 3.12, whose formulas for these two are the
    /// BME280's.</summary>
    [Fact]
    public void Temperature_and_pressure_are_those_of_the_data_sheets_example() => Proof.Run(async proof =>
    {
        short[] trimming = [27504, 26435, -1000, unchecked((short)36477), -10685, 3024, 2855, 140, -7, 15500, -14600, 6000];
        byte[] calibration = [.. trimming.SelectMany(word => new[] { (byte)word, (byte)(word >> 8) }), .. new byte[8]];
        proof.Bus.Attach(Bmx280Base.DefaultI2cAddress, new Bme280Chip(calibration, [.. Bits20(415148), .. Bits20(519888), 0, 0]));
        using Bme280 bme = await proof.InLane(() => new Bme280(proof.I2c.CreateDevice(Bmx280Base.DefaultI2cAddress)));
        Bme280ReadResult result = await proof.InLane(bme.Read);
        Assert.Equal(25.08, result.Temperature!.Value.DegreesCelsius, 2);
        Assert.Equal(100653.27, result.Pressure!.Value.Pascals, 2);
    });

    [Fact]
    public void Without_the_chip_its_constructor_says_who_does_not_answer() => Proof.Run(async proof =>
    {
        SprigI2cDevice device = proof.I2c.CreateDevice(Bmx280Base.DefaultI2cAddress);
        IOException error = await Assert.ThrowsAsync<IOException>(() => proof.I2c.Lane.RunAsync(() => new Bme280(device)));
        Assert.StartsWith("I2C bus, address 0x77: nobody answers.", error.Message, StringComparison.Ordinal);
        Assert.Equal(121, error.HResult);
    });

    [Fact]
    public void A_transfer_that_fails_in_the_middle_fails_that_reading_and_not_the_next() => Proof.Run(async proof =>
    {
        Bme280Chip chip = new(s_calibration, s_raw);
        proof.Bus.Attach(Bmx280Base.DefaultI2cAddress, chip);
        using Bme280 bme = await proof.InLane(() => new Bme280(proof.I2c.CreateDevice(Bmx280Base.DefaultI2cAddress)));
        chip.FailNext(skip: 6);
        await Assert.ThrowsAsync<IOException>(() => proof.I2c.Lane.RunAsync(bme.Read));
        Assert.Equal(24.44, (await proof.InLane(bme.Read)).Temperature!.Value.DegreesCelsius, 2);
    });

    private static byte[] Bits20(int value) => [(byte)(value >> 12), (byte)(value >> 4), (byte)(value << 4)];
}
