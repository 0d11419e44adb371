using System.Device.Spi;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Testing.Tests.Buses;

public class SpiRegisterDeviceTests
{
    [Fact]
    public void The_highest_bit_of_the_first_byte_says_whether_it_is_read()
    {
        using SpiRegisterDevice chip = Create();
        chip.Write([0x20, 0x11, 0x22]);
        Assert.Equal((0x11, 0x22), (chip.Registers[0x20], chip.Registers[0x21]));
        byte[] read = new byte[3];
        chip.TransferFullDuplex([0xA0, 0, 0], read);
        Assert.Equal([0, 0x11, 0x22], read);
        Assert.Equal((0x11, 0x22), (chip.Registers[0x20], chip.Registers[0x21]));
    }

    [Fact]
    public void A_read_alone_begins_at_register_0_whose_write_it_is()
    {
        using SpiRegisterDevice chip = Create();
        chip.Registers[0] = 7;
        // A program that forgets the address sends zeros: a write of zeros to register 0.
        byte[] read = new byte[2];
        chip.Read(read);
        Assert.Equal([0, 0], read);
        Assert.Equal(0, chip.Registers[0]);
    }

    [Fact]
    public void Functions_and_read_only_registers_are_those_of_the_table()
    {
        using SpiRegisterDevice chip = Create();
        List<int> written = [];
        chip.Registers.MakeReadOnly(0x0F);
        chip.Registers[0x0F] = 0x33;
        chip.Registers.WhenWritten(0x10, written.Add);
        chip.Registers.WhenRead(0x11, () => 5);
        chip.Write([0x0F, 1, 2]);
        byte[] read = new byte[4];
        chip.TransferFullDuplex([0x8F, 0, 0, 0], read);
        Assert.Equal([0, 0x33, 2, 5], read);
        Assert.Equal([2], written);
    }

    [Fact]
    public void Registers_of_16_bits_come_high_byte_first()
    {
        using SpiRegisterDevice chip = new(new SpiConnectionSettings(0, 0), 1_000_000, new RegisterDevice(registerBytes: 2), SpiMode.Mode0, SpiMode.Mode3);
        chip.Write([1, 0x12, 0x34]);
        Assert.Equal(0x1234, chip.Registers[1]);
        byte[] read = new byte[3];
        chip.TransferFullDuplex([0x81, 0, 0], read);
        Assert.Equal([0, 0x12, 0x34], read);
    }

    private static SpiRegisterDevice Create() => new(new SpiConnectionSettings(0, 0), 1_000_000);
}
