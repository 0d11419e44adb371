using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class LineTimingTests
{
    [Theory]
    [InlineData(1, 9600, 8, false, 1, 10_417)] // 10 bits: 1041.7 us
    [InlineData(3.5, 9600, 8, true, 1, 40_105)] // 38.5 bits: 4010.4 us
    [InlineData(1, 50, 5, false, 1.5, 1_500_000)]
    [InlineData(0, 115_200, 8, false, 1, 0)]
    [InlineData(1000, 3_000_000, 8, false, 2, 36_667)]
    public void Characters_have_a_start_bit_too(double count, int baud, int dataBits, bool parity, double stopBits, long ticks)
        => Assert.Equal(ticks, LineTiming.Characters(count, baud, dataBits, parity, stopBits).Ticks);

    [Theory]
    [InlineData(1200, 320_834)]
    [InlineData(9600, 40_105)]
    [InlineData(19_200, 20_053)]
    [InlineData(19_201, 17_500)]
    [InlineData(115_200, 17_500)]
    public void The_gap_of_Modbus_is_3_5_characters_up_to_19200_baud(int baud, long ticks)
        => Assert.Equal(ticks, LineTiming.ModbusGap(baud).Ticks);

    [Fact]
    public void Numbers_that_can_not_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LineTiming.ModbusGap(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LineTiming.Bits(-1, 9600));
        Assert.Throws<ArgumentOutOfRangeException>(() => LineTiming.Characters(1, 9600, dataBits: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LineTiming.Characters(1, 9600, stopBits: -1));
    }
}
