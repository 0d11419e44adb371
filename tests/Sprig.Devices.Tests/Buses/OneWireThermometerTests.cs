using Iot.Device.OneWire;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using UnitsNet;
using Xunit;

namespace Sprig.Devices.Tests.Buses;

/// <summary>OneWireThermometer, and the binding's thermometer, on a folder that looks as the kernel's.</summary>
public sealed class OneWireThermometerTests : IDisposable
{
    private const string Id = "28-0316a2795aff";
    private const string Good = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n";
    private const string Bad = "72 01 4b 46 7f ff 0e 10 58 : crc=57 NO\n72 01 4b 46 7f ff 0e 10 58 t=23125\n";
    private const string PowerOn = "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n";
    private readonly FileTree _tree = new();

    public OneWireThermometerTests()
    {
        Say(Good);
        _tree.Link($"bus/w1/devices/{Id}", $"devices/w1_bus_master1/{Id}");
        _tree.Link("bus/w1/devices/w1_bus_master1", "devices/w1_bus_master1");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(Good, 23.125)]
    [InlineData("5e ff 4b 46 7f ff 02 10 ac : crc=ac YES\n5e ff 4b 46 7f ff 02 10 ac t=-10125\n", -10.125)]
    [InlineData("00 00 4b 46 7f ff 02 10 ac : crc=ac YES\r\n00 00 4b 46 7f ff 02 10 ac t=0", 0)]
    public void A_reading_is_a_temperature(string text, double celsius) => Run(async thermometer =>
    {
        Say(text);
        OneWireReading reading = await thermometer.ReadAsync();
        Assert.Equal((celsius, false), (reading.Temperature.DegreesCelsius, reading.MayBePowerOnValue));
    });

    [Theory]
    [InlineData(Bad)]
    [InlineData(PowerOn)]
    [InlineData("")]
    public void A_wrong_checksum_and_the_power_on_value_are_tried_again(string first) => Run(async thermometer =>
    {
        Say(first);
        Coroutine<OneWireReading> reading = Coroutine.Spawn(() => thermometer.ReadAsync());
        // Stands in the lane behind the first attempt, and before the second.
        Coroutine better = Coroutine.Spawn(() => thermometer.Lane.RunAsync(() => Say(Good)));
        Assert.Equal(23.125, (await reading).Temperature.DegreesCelsius);
        await better;
    });

    [Fact]
    public void The_power_on_value_three_times_is_given_and_flagged() => Run(async thermometer =>
    {
        Say(PowerOn);
        Assert.Equal(new OneWireReading(Temperature.FromDegreesCelsius(85), true), await thermometer.ReadAsync());
    });

    [Theory]
    [InlineData(Bad, "checksum")]
    [InlineData("", "checksum")]
    [InlineData("00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n", "shorted")]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=hot\n", "t=hot")]
    public void What_is_no_reading_three_times_is_an_error_that_names_it(string text, string part) => Run(async thermometer =>
    {
        Say(text);
        IOException error = await Assert.ThrowsAsync<IOException>(() => thermometer.ReadAsync());
        Assert.Contains(Id, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Unplugged_is_an_error_that_names_it() => Run(async thermometer =>
    {
        Directory.Delete(_tree[$"devices/w1_bus_master1/{Id}"], recursive: true);
        IOException error = await Assert.ThrowsAsync<IOException>(() => thermometer.ReadAsync());
        Assert.Contains($"{Id}: it is gone", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Those_that_are_there_are_listed_and_one_that_is_not_is_refused()
    {
        _tree.Write("bus/w1/devices/10-000801/w1_slave", Good);
        _tree.Write("bus/w1/devices/29-000801/state", "");
        Assert.Equal(["10-000801", Id], OneWireThermometer.List(_tree["bus/w1/devices"]));
        FileNotFoundException absent = Assert.Throws<FileNotFoundException>(() => new OneWireThermometer("28-absent", _tree["bus/w1/devices"]));
        Assert.Contains($"there are 10-000801, {Id}", absent.Message, StringComparison.Ordinal);
        FileNotFoundException off = Assert.Throws<FileNotFoundException>(() => new OneWireThermometer(Id, _tree["none"]));
        Assert.Contains("dtoverlay=w1-gpio", off.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new OneWireThermometer(""));
    }

    [Fact]
    public void The_binding_runs_unchanged_in_the_lane_of_its_bus_in_turn_with_ours() => Run(async thermometer =>
    {
        // A rooted name of the bus leads the binding's fixed path to our folder.
        OneWireThermometerDevice binding = new(_tree["devices/w1_bus_master1"], Id);
        List<double> order = [];
        Coroutine first = Coroutine.Spawn(() => thermometer.Lane.RunAsync(() => order.Add(binding.ReadTemperature().DegreesCelsius)));
        Coroutine change = Coroutine.Spawn(() => thermometer.Lane.RunAsync(() => Say(Good.Replace("t=23125", "t=24000", StringComparison.Ordinal))));
        Coroutine second = Coroutine.Spawn(async () => order.Add((await thermometer.ReadAsync()).Temperature.DegreesCelsius));
        await Coroutine.JoinAll(first, change, second);
        Assert.Equal([23.125, 24], order);
        Say(Bad);
        await Assert.ThrowsAnyAsync<Exception>(() => thermometer.Lane.RunAsync(binding.ReadTemperature));
    });

    [Fact]
    public void The_thermometers_of_a_bus_share_a_lane_until_the_last_is_disposed_of() => Run(async thermometer =>
    {
        _tree.Write("devices/w1_bus_master1/28-second/w1_slave", Good);
        _tree.Link("bus/w1/devices/28-second", "devices/w1_bus_master1/28-second");
        OneWireThermometer second = new("28-second", _tree["bus/w1/devices"]);
        Thread thread = await second.Lane.RunAsync(() => Thread.CurrentThread);
        Assert.Same(thread, await thermometer.Lane.RunAsync(() => Thread.CurrentThread));
        thermometer.Dispose();
        Assert.Contains(Id, (await Assert.ThrowsAsync<ObjectDisposedException>(() => thermometer.ReadAsync())).Message, StringComparison.Ordinal);
        await second.ReadAsync();
        second.Dispose();
        thread.Join();
        Assert.Equal(0, second.Lane.ThreadCount);
    });

    private void Say(string text) => _tree.Write($"devices/w1_bus_master1/{Id}/w1_slave", text);

    private void Run(Func<OneWireThermometer, Task> main) => BusRun.Run(async () =>
    {
        using OneWireThermometer thermometer = new(Id, _tree["bus/w1/devices"]);
        await main(thermometer);
    });
}
