using Sprig.Devices.Modbus;
using Xunit;

namespace Sprig.Devices.Tests.Modbus;

public class ModbusRegistersTests
{
    [Theory]
    [InlineData(WordOrder.HighFirst, 0x41AC, 0x0000)]
    [InlineData(WordOrder.LowFirst, 0x0000, 0x41AC)]
    public void Floats_are_two_registers_in_either_order(WordOrder order, int first, int second)
    {
        ushort[] registers = [(ushort)first, (ushort)second];
        Assert.Equal(21.5f, ModbusRegisters.ToSingle(registers, order));
        Assert.Equal(registers, ModbusRegisters.FromSingle(21.5f, order));
    }

    [Theory]
    [InlineData(-2, 0xFFFF, 0xFFFE)]
    [InlineData(0x12345678, 0x1234, 0x5678)]
    [InlineData(int.MinValue, 0x8000, 0)]
    public void Numbers_of_32_bits_too(int value, int high, int low)
    {
        Assert.Equal([(ushort)high, (ushort)low], ModbusRegisters.FromInt32(value));
        Assert.Equal([(ushort)low, (ushort)high], ModbusRegisters.FromInt32(value, WordOrder.LowFirst));
        Assert.Equal(value, ModbusRegisters.ToInt32([(ushort)high, (ushort)low, 7]));
        Assert.Equal(unchecked((uint)value), ModbusRegisters.ToUInt32([(ushort)low, (ushort)high], WordOrder.LowFirst));
    }

    [Fact]
    public void One_register_is_too_few_and_there_are_two_orders()
    {
        Assert.Throws<ArgumentException>(() => ModbusRegisters.ToInt32([1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRegisters.ToSingle([1, 2], (WordOrder)2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRegisters.FromUInt32(1, (WordOrder)2));
    }
}
