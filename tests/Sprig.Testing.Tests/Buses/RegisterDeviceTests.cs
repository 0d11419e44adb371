using System.Device.I2c;
using Sprig.Testing.Buses;
using Xunit;

namespace Sprig.Testing.Tests.Buses;

public class RegisterDeviceTests
{
    [Fact]
    public void A_write_names_a_register_and_fills_it_and_the_next_ones()
    {
        RegisterDevice chip = new();
        I2cDevice device = On(chip);
        device.Write([0x10, 1, 2, 3]);
        Assert.Equal([1, 2, 3, 0], Enumerable.Range(0x10, 4).Select(register => chip[register]));
        Assert.Equal([2, 3], Read(device, 0x11, 2));
        // The next read goes on where the last has ended.
        Assert.Equal(0, device.ReadByte());
        device.WriteByte(0x10);
        Assert.Equal(1, device.ReadByte());
        Assert.Equal(2, device.ReadByte());
    }

    [Fact]
    public void Without_auto_increment_it_is_the_same_register_again()
    {
        RegisterDevice chip = new(autoIncrement: false);
        I2cDevice device = On(chip);
        device.Write([0x10, 1, 2, 3]);
        Assert.Equal((3, 0), (chip[0x10], chip[0x11]));
        Assert.Equal([3, 3], Read(device, 0x10, 2));
    }

    [Fact]
    public void Words_go_high_byte_first_and_half_a_word_is_none()
    {
        RegisterDevice chip = new(registerBytes: 2);
        I2cDevice device = On(chip);
        device.Write([1, 0x12, 0x34, 0x56, 0x78, 0x9A]);
        Assert.Equal([0x1234, 0x5678, 0], [chip[1], chip[2], chip[3]]);
        Assert.Equal([0x12, 0x34, 0x56], Read(device, 1, 3));
    }

    [Fact]
    public void After_the_last_register_comes_the_first()
    {
        RegisterDevice chip = new();
        On(chip).Write([0xFF, 8, 9]);
        Assert.Equal((8, 9), (chip[255], chip[0]));
    }

    [Fact]
    public void Read_only_registers_do_not_hear_the_program()
    {
        RegisterDevice chip = new();
        chip.Load(0x88, 1, 2, 3);
        chip.MakeReadOnly(0x89);
        List<int> written = [];
        chip.WhenWritten(0x89, written.Add);
        On(chip).Write([0x88, 7, 8, 9]);
        Assert.Equal([7, 2, 9], [chip[0x88], chip[0x89], chip[0x8A]]);
        Assert.Empty(written);
        chip[0x89] = 5;
        Assert.Equal(5, chip[0x89]);
    }

    [Fact]
    public void Functions_hear_what_is_written_and_give_what_is_read()
    {
        RegisterDevice chip = new();
        int reads = 0;
        List<int> written = [];
        chip.WhenWritten(0xF4, written.Add);
        chip.WhenRead(0xFA, () => ++reads);
        I2cDevice device = On(chip);
        device.Write([0xF4, 0x25]);
        device.Write([0xF4]);
        Assert.Equal([1], Read(device, 0xFA, 1));
        Assert.Equal([2], Read(device, 0xFA, 1));
        Assert.Equal(2, chip[0xFA]);
        Assert.Equal([0x25], written);
        chip[0xF4] = 1;
        Assert.Single(written);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        RegisterDevice bytes = new(), words = new(registerBytes: 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes[0] = 256);
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes[0] = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => words[0] = 65536);
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes[256]);
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes[-1] = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Load(255, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.MakeReadOnly(256));
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.WhenRead(256, () => 0));
        Assert.Throws<ArgumentNullException>(() => bytes.WhenWritten(1, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegisterDevice(registerBytes: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegisterDevice(registerBytes: 0));
        bytes.WhenRead(1, () => 1000);
        I2cDevice device = On(bytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(device, 1, 1));
    }

    private static I2cDevice On(RegisterDevice chip)
    {
        SimulatedI2cBus bus = new();
        bus.Attach(0x40, chip);
        return bus.CreateDevice(0x40);
    }

    private static byte[] Read(I2cDevice device, byte register, int count)
    {
        byte[] buffer = new byte[count];
        device.WriteRead([register], buffer);
        return buffer;
    }
}
