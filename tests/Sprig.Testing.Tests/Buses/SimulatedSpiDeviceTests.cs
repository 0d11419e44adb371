using System.Device.Spi;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Testing.Tests.Buses;

public class SimulatedSpiDeviceTests
{
    [Fact]
    public void Both_sides_send_at_once()
    {
        using Inverter chip = new(new SpiConnectionSettings(0, 0));
        byte[] read = new byte[2];
        List<SpiTransfer> told = [];
        chip.Transferred += told.Add;
        chip.TransferFullDuplex([0x0F, 0xAA], read);
        Assert.Equal([0xF0, 0x55], read);
        chip.Write([1]);
        chip.Read(read);
        Assert.Equal([0xFF, 0xFF], read);
        Assert.Equal(0xFF, chip.ReadByte());
        Assert.Equal(
            ["wrote 0F AA read F0 55", "wrote 01 read FE", "wrote 00 00 read FF FF", "wrote 00 read FF"],
            chip.Transfers.Select(transfer => transfer.ToString()));
        Assert.Equal(chip.Transfers, told);
    }

    [Fact]
    public void The_program_may_read_into_the_buffer_that_it_writes_from()
    {
        using Inverter chip = new(new SpiConnectionSettings(0, 0));
        byte[] buffer = [1, 2];
        chip.TransferFullDuplex(buffer, buffer);
        Assert.Equal([0xFE, 0xFD], buffer);
    }

    [Fact]
    public void Settings_that_the_chip_does_not_understand_are_told()
    {
        Assert.StartsWith(
            "Inverter understands SPI Mode0 and Mode3, not Mode1.",
            Refused(new SpiConnectionSettings(0, 0) { Mode = SpiMode.Mode1 }),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Inverter understands a clock of up to 1000000 Hz, not of 1000001 Hz.",
            Refused(new SpiConnectionSettings(0, 0) { ClockFrequency = 1_000_001 }),
            StringComparison.Ordinal);
        Refused(new SpiConnectionSettings(0, 0) { ClockFrequency = 0 });
        Refused(new SpiConnectionSettings(0, 0) { DataBitLength = 16 });
        Assert.Throws<ArgumentNullException>(() => new Inverter(null!));
        using Inverter chip = new(new SpiConnectionSettings(1, 2) { Mode = SpiMode.Mode3, ClockFrequency = 1_000_000 });
        Assert.Equal((1, 2, SpiMode.Mode3), (chip.ConnectionSettings.BusId, chip.ConnectionSettings.ChipSelectLine, chip.ConnectionSettings.Mode));
    }

    [Fact]
    public void What_is_changed_of_the_settings_later_changes_nothing()
    {
        SpiConnectionSettings settings = new(0, 0);
        using Inverter chip = new(settings);
        settings.Mode = SpiMode.Mode2;
        chip.ConnectionSettings.Mode = SpiMode.Mode2;
        Assert.Equal(SpiMode.Mode0, chip.ConnectionSettings.Mode);
    }

    [Fact]
    public void Ordered_failures_and_bad_input()
    {
        Inverter chip = new(new SpiConnectionSettings(0, 0));
        chip.FailNext();
        Assert.Throws<IOException>(() => chip.Write([1]));
        Assert.Throws<ArgumentException>(() => chip.TransferFullDuplex([1, 2], new byte[1]));
        Assert.Equal("wrote 01 failed: Error 5 (Input/output error) performing a transfer: the test has the simulated Inverter fail.", Assert.Single(chip.Transfers).ToString());
        chip.Write([1]);
        chip.Dispose();
        Assert.Throws<ObjectDisposedException>(() => chip.Write([1]));
    }

    private static string Refused(SpiConnectionSettings settings) => Assert.Throws<ArgumentException>(() => new Inverter(settings)).Message;

    private sealed class Inverter(SpiConnectionSettings settings) : SimulatedSpiDevice(settings, 1_000_000, SpiMode.Mode0, SpiMode.Mode3)
    {
        protected override void OnTransfer(ReadOnlySpan<byte> written, Span<byte> read)
        {
            for (int i = 0; i < read.Length; i++)
                read[i] = (byte)~written[i];
        }
    }
}
