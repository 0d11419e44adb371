using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Testing.Tests.Buses;

public class SimulatedOneWireTests
{
    private const string Id = "28-000005e2fdc3";

    [Theory]
    // Table 1 of the DS18B20's data sheet.
    [InlineData(125, "d0 07", 125000)]
    [InlineData(85, "50 05", 85000)]
    [InlineData(25.0625, "91 01", 25062)]
    [InlineData(10.125, "a2 00", 10125)]
    [InlineData(0.5, "08 00", 500)]
    [InlineData(0, "00 00", 0)]
    [InlineData(-0.5, "f8 ff", -500)]
    [InlineData(-10.125, "5e ff", -10125)]
    [InlineData(-25.0625, "6f fe", -25062)]
    [InlineData(-55, "90 fc", -55000)]
    public void A_temperature_reads_as_the_data_sheet_has_it(double celsius, string bytes, int milli)
    {
        using SimulatedOneWire bus = new();
        bus.SetTemperature(Id, celsius);
        string[] lines = File.ReadAllLines(Path.Combine(bus.MasterPath, Id, "w1_slave"));
        Assert.StartsWith(bytes + " 4b 46 7f ff ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" YES", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($" t={milli}", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(bus.Root, Id, "w1_slave")));
    }

    [Theory]
    // Read on boards: the first stands in the sources of dotnet/iot, the second in many a tutorial on the Pi.
    [InlineData(23.9375, "7f 01 4b 46 7f ff 01 10 33 : crc=33 YES\n7f 01 4b 46 7f ff 01 10 33 t=23937\n")]
    [InlineData(23.125, "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n")]
    public void The_file_is_the_kernels_to_the_letter(double celsius, string content)
    {
        using SimulatedOneWire bus = new();
        bus.SetTemperature(Id, celsius);
        Assert.Equal(content, File.ReadAllText(Path.Combine(bus.MasterPath, Id, "w1_slave")));
    }

    [Fact]
    public void The_master_lists_who_is_plugged_in()
    {
        using SimulatedOneWire bus = new();
        string list = Path.Combine(bus.MasterPath, "w1_master_slaves");
        Assert.Equal("not found.\n", File.ReadAllText(list));
        bus.SetTemperature(Id, 20);
        bus.SetTemperature("28-000005e2fdc2", 20);
        bus.SetTemperature(Id, 21);
        Assert.Equal("28-000005e2fdc2\n28-000005e2fdc3\n", File.ReadAllText(list));
        Assert.True(bus.Unplug(Id));
        Assert.False(bus.Unplug(Id));
        Assert.Equal("28-000005e2fdc2\n", File.ReadAllText(list));
        Assert.False(Directory.Exists(Path.Combine(bus.Root, Id)));
        Assert.False(File.Exists(Path.Combine(bus.MasterPath, Id, "w1_slave")));
        bus.SetTemperature(Id, 22);
        Assert.True(File.Exists(Path.Combine(bus.Root, Id, "w1_slave")));
    }

    [Fact]
    public void A_corrupt_reading_says_no_until_the_next_temperature()
    {
        using SimulatedOneWire bus = new();
        bus.SetTemperature(Id, 20);
        bus.Corrupt(Id);
        string file = Path.Combine(bus.MasterPath, Id, "w1_slave");
        Assert.Contains(": crc=ff NO\n", File.ReadAllText(file), StringComparison.Ordinal);
        bus.SetTemperature(Id, 20);
        Assert.Contains(" YES\n", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_on_the_disk()
    {
        SimulatedOneWire bus = new();
        bus.SetTemperature(Id, 20);
        bus.Dispose();
        bus.Dispose();
        Assert.False(Directory.Exists(bus.Root));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        using SimulatedOneWire bus = new();
        foreach (string id in new[] { "", "28", "28-000005E2FDC3", "28-000005e2fdc", "28_000005e2fdc3", "../x-0005e2fdc3", "28-000005e2fdg3", "10-000005e2fdc3" })
            Assert.Throws<ArgumentException>(() => bus.SetTemperature(id, 20));
        Assert.Throws<ArgumentNullException>(() => bus.SetTemperature(null!, 20));
        foreach (double celsius in new[] { -55.1, 125.1, double.NaN, double.PositiveInfinity })
            Assert.Throws<ArgumentOutOfRangeException>(() => bus.SetTemperature(Id, celsius));
        Assert.Throws<ArgumentException>(() => bus.Corrupt(Id));
        Assert.Empty(Directory.EnumerateDirectories(bus.MasterPath));
    }

    [Fact]
    public void Who_reads_while_it_is_set_finds_a_whole_measurement()
    {
        using SimulatedOneWire bus = new();
        bus.SetTemperature(Id, 0);
        Thread setter = new(() =>
        {
            for (int i = 0; i < 500; i++)
                bus.SetTemperature(Id, i % 100);
        });
        setter.Start();
        do
        {
            string text = File.ReadAllText(Path.Combine(bus.MasterPath, Id, "w1_slave"));
            Assert.True(text.EndsWith("000\n", StringComparison.Ordinal) || text.EndsWith("t=0\n", StringComparison.Ordinal), text);
        }
        while (setter.IsAlive);
        setter.Join();
    }
}
