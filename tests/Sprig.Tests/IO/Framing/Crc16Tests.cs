using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class Crc16Tests
{
    private static readonly byte[] s_digits = "123456789"u8.ToArray();

    public static TheoryData<string, int> CheckValues => new()
    {
        { nameof(Crc16.Modbus), 0x4B37 },
        { nameof(Crc16.CcittFalse), 0x29B1 },
        { nameof(Crc16.X25), 0x906E },
        { nameof(Crc16.Xmodem), 0x31C3 },
    };

    [Theory]
    [MemberData(nameof(CheckValues))]
    public void The_check_values_are_those_of_the_catalogue(string name, int expected)
        => Assert.Equal(expected, Named(name).Compute(s_digits));

    [Theory]
    [InlineData(0x8005, 0x0000, true, 0x0000, 0xBB3D)] // ARC
    [InlineData(0x8005, 0x0000, false, 0x0000, 0xFEE8)] // UMTS
    [InlineData(0x1021, 0x0000, true, 0x0000, 0x2189)] // KERMIT
    [InlineData(0x1021, 0xB2AA, true, 0x0000, 0x63D0)] // RIELLO: its register begins neither full nor empty
    [InlineData(0x1021, 0xFFFF, false, 0xFFFF, 0xD64E)] // GENIBUS
    [InlineData(0x3D65, 0x0000, true, 0xFFFF, 0xEA82)] // DNP
    public void Others_are_made_by_their_parameters(int polynomial, int initial, bool reflected, int finalXor, int expected)
        => Assert.Equal(expected, new Crc16((ushort)polynomial, (ushort)initial, reflected, (ushort)finalXor, false).Compute(s_digits));

    [Theory]
    [InlineData("02 07", "41 12")]
    [InlineData("01 03 00 00 00 0A", "C5 CD")]
    [InlineData("11 05 00 AC FF 00", "4E 8B")]
    public void Frames_of_Modbus_end_with_it_low_byte_first(string frame, string crc)
    {
        byte[] check = new byte[2];
        Crc16.Modbus.Write(FrameTest.Hex(frame), check);
        Assert.Equal(FrameTest.Hex(crc), check);
        Assert.True(Crc16.Modbus.Matches(FrameTest.Hex(frame), check));
        Crc16.Modbus.Reversed().Write(FrameTest.Hex(frame), check);
        Assert.Equal(FrameTest.Hex(crc).Reverse(), check);
        Assert.False(Crc16.Modbus.Matches(FrameTest.Hex(frame), check));
        Assert.True(Crc16.Modbus.Reversed().Matches(FrameTest.Hex(frame), check));
    }

    [Fact]
    public void The_order_of_bytes_on_the_line_is_the_usual_one_of_each()
    {
        Assert.Equal("29B1", OnLine(Crc16.CcittFalse));
        Assert.Equal("31C3", OnLine(Crc16.Xmodem));
        Assert.Equal("6E90", OnLine(Crc16.X25));
        Assert.Equal("374B", OnLine(Crc16.Modbus));
        Assert.Equal("2639F4CB", OnLine(FrameCheck.Crc32));
        Assert.Equal("CBF43926", OnLine(FrameCheck.Crc32.Reversed()));
    }

    [Fact]
    public void Nothing_has_the_value_of_the_empty_register()
    {
        Assert.Equal(0xFFFF, Crc16.Modbus.Compute([]));
        Assert.Equal(0, Crc16.Xmodem.Compute([]));
        Assert.Equal(0, Crc16.X25.Compute([]));
    }

    [Theory]
    [MemberData(nameof(CheckValues))]
    public void Every_single_bit_that_flips_is_seen(string name, int value)
    {
        Crc16 crc = Named(name);
        for (int bit = 0; bit < s_digits.Length * 8; bit++)
        {
            byte[] bytes = [.. s_digits];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(value, crc.Compute(bytes));
        }
    }

    [Fact]
    public void The_size_of_a_check_has_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sum(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sum(65));
        Assert.Equal(64, new Sum(64).Size);
    }

    private static string OnLine(FrameCheck check)
    {
        byte[] bytes = new byte[check.Size];
        check.Write(s_digits, bytes);
        return Convert.ToHexString(bytes);
    }

    private static Crc16 Named(string name) => name switch
    {
        nameof(Crc16.Modbus) => Crc16.Modbus,
        nameof(Crc16.CcittFalse) => Crc16.CcittFalse,
        nameof(Crc16.X25) => Crc16.X25,
        _ => Crc16.Xmodem,
    };

    private sealed class Sum(int size) : FrameCheck(size)
    {
        public override void Write(ReadOnlySpan<byte> frame, Span<byte> check) => check.Clear();
    }
}
