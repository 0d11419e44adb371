using System.Device.Spi;
using Iot.Device.Adc;
using Sprig.Devices.Buses;
using Sprig.Devices.Tests.Bindings.Chips;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Mcp3008Tests
{
    [Fact]
    public void It_reads_each_channel() => Proof.Run(async proof =>
    {
        (Mcp3008Chip chip, SprigSpiDevice device) = Chip(proof);
        using Mcp3008 adc = new(device);
        for (int channel = 0; channel < 8; channel++)
            chip.Inputs[channel] = 0.4 * channel;
        int[] codes = await proof.InLane(device.Lane, () => Enumerable.Range(0, 8).Select(adc.Read).ToArray());
        // Equation 4-2 of the data sheet: 1024 * VIN / VREF, cut off.
        Assert.Equal([0, 124, 248, 372, 496, 620, 744, 868], codes);
        chip.Inputs[0] = 5;
        Assert.Equal(1023, await proof.InLane(device.Lane, () => adc.Read(0)));
    });

    [Fact]
    public void It_reads_differences_of_neighbours() => Proof.Run(async proof =>
    {
        (Mcp3008Chip chip, SprigSpiDevice device) = Chip(proof);
        using Mcp3008 adc = new(device);
        (chip.Inputs[2], chip.Inputs[3]) = (2.0, 0.35);
        Assert.Equal(512, await proof.InLane(device.Lane, () => adc.ReadPseudoDifferential(2, 3)));
        Assert.Equal(0, await proof.InLane(device.Lane, () => adc.ReadDifferential(1, 0)));
    });

    /// <summary>It waits for nothing but the 24 bits: on the loop it costs that transfer, 24 µs at 1 MHz.</summary>
    [Fact]
    public void On_the_loop_it_works_as_well() => Proof.Run(proof =>
    {
        (Mcp3008Chip chip, SprigSpiDevice device) = Chip(proof);
        using Mcp3008 adc = new(device);
        chip.Inputs[7] = 1.65;
        Assert.Equal(512, adc.Read(7));
        Assert.Equal("wrote 01 F0 00 read FF FA 00", Assert.Single(chip.Transfers).ToString());
        return Task.CompletedTask;
    });

    private static (Mcp3008Chip Chip, SprigSpiDevice Device) Chip(Proof proof)
    {
        Mcp3008Chip chip = new(new SpiConnectionSettings(0, 0) { ClockFrequency = 1_000_000 }, reference: 3.3);
        chip.Transferred += _ => proof.Hold();
        return (chip, new SprigSpiDevice(chip));
    }
}
