using Iot.Device.OneWire;
using Sprig.Devices.Buses;
using Sprig.Testing.Buses;
using UnitsNet;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

/// <summary>The binding reads below /sys/devices, and puts the name of the bus behind it: one that is a rooted path leads elsewhere, so it is
/// proven unchanged. Its enumeration looks in /sys/bus/w1/devices, whatever one says, and is not proven here.</summary>
public class Ds18b20Tests
{
    private const string Id = "28-000005e2fdc3";

    [Theory]
    // Table 1 of the DS18B20's data sheet; the kernel cuts off below a thousandth.
    [InlineData(125)]
    [InlineData(25.062)]
    [InlineData(0.5)]
    [InlineData(-10.125)]
    [InlineData(-55)]
    public void It_reads_in_a_lane(double celsius) => Proof.Run(async proof =>
    {
        using SimulatedOneWire bus = new();
        bus.SetTemperature(Id, celsius);
        OneWireThermometerDevice thermometer = new(bus.MasterPath, Id);
        Assert.Equal(DeviceFamily.Ds18b20, thermometer.Family);
        using Lane lane = new("1-Wire");
        Temperature inLane = await lane.RunAsync(() =>
        {
            Assert.False(proof.IsOnLoop);
            return thermometer.ReadTemperature();
        });
        Assert.Equal(celsius, inLane.DegreesCelsius, 3);
        // The async form reads the file on a thread of the pool, and comes home.
        Assert.Equal(celsius, (await thermometer.ReadTemperatureAsync()).DegreesCelsius, 3);
        Assert.True(proof.IsOnLoop);
    });

    [Fact]
    public void A_wrong_checksum_and_a_missing_thermometer_are_errors() => Proof.Run(async _ =>
    {
        using SimulatedOneWire bus = new();
        using Lane lane = new("1-Wire");
        bus.SetTemperature(Id, 20);
        OneWireThermometerDevice thermometer = new(bus.MasterPath, Id);
        bus.Corrupt(Id);
        await Assert.ThrowsAsync<InvalidOperationException>(() => lane.RunAsync(thermometer.ReadTemperature));
        bus.Unplug(Id);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => lane.RunAsync(thermometer.ReadTemperature));
    });

    [Fact]
    public void The_native_form_finds_and_reads_the_same_thermometers() => Proof.Run(async _ =>
    {
        using SimulatedOneWire bus = new();
        bus.SetTemperature(Id, -10.125);
        bus.SetTemperature("28-000005e2fdc2", 20);
        Assert.Equal(["28-000005e2fdc2", Id], OneWireThermometer.List(bus.Root));
        using OneWireThermometer thermometer = new(Id, bus.Root);
        Assert.Equal(-10.125, (await thermometer.ReadAsync()).Temperature.DegreesCelsius, 3);
        Assert.Equal(bus.MasterPath, thermometer.Lane.Name);
        bus.Corrupt(Id);
        await Assert.ThrowsAsync<IOException>(() => thermometer.ReadAsync());
        bus.Unplug(Id);
        await Assert.ThrowsAsync<IOException>(() => thermometer.ReadAsync());
        Assert.Equal(["28-000005e2fdc2"], OneWireThermometer.List(bus.Root));
    });
}
