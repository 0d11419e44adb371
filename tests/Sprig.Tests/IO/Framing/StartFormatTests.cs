using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class StartFormatTests
{
    private static readonly FrameFormat s_fixed = FrameFormat.Fixed(2).WithStart([0xAA, 0x55]);

    [Fact]
    public Task The_start_stands_before_the_frame() => FrameTest.AssertOnLine(s_fixed, [1, 2], [0xAA, 0x55, 1, 2]);

    [Fact]
    public async Task What_stands_before_a_start_is_dropped_and_counted_once()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(s_fixed, FrameTest.Hex("01 02 AA 03 AA AA 55 11 22 AA 55 33 44 55 AA 55 AA 55"));
        Assert.Equal([[0x11, 0x22], [0x33, 0x44], [0xAA, 0x55]], frames);
        Assert.Equal((2L, 6L), (counts.Malformed, counts.DroppedBytes));
    }

    [Fact]
    public async Task A_start_that_the_end_cuts_off_is_counted()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(s_fixed, FrameTest.Hex("AA 55 11 22 AA"));
        Assert.Single(frames);
        Assert.Equal((1L, 1L), (counts.Truncated, counts.DroppedBytes));
        (_, counts) = await FrameTest.Decode(s_fixed, FrameTest.Hex("AA 55 11"));
        Assert.Equal((1L, 3L), (counts.Truncated, counts.DroppedBytes));
    }

    [Fact]
    public async Task A_false_start_hides_no_frame_where_a_check_tells_it()
    {
        foreach (bool checkOutside in (bool[])[true, false])
        {
            FrameFormat length = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1 }, maxLength: 64);
            FrameFormat format = checkOutside
                ? length.WithStart("$"u8).WithCheck(FrameCheck.Crc32)
                : length.WithCheck(FrameCheck.Crc32).WithStart("$"u8);
            // Its length reaches over the next frame, and beyond the end of the stream.
            byte[] line = [.. "$\u0030"u8, .. FrameTest.Encode(format, "hello"u8.ToArray(), "$$$"u8.ToArray())];
            (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, line);
            Assert.Equal(["hello"u8.ToArray(), "$$$"u8.ToArray()], frames);
            Assert.Equal(2, counts.DroppedBytes);
            Assert.Equal(1, counts.Faults);
        }
    }

    [Fact]
    public async Task Lines_may_have_a_start_as_those_of_NMEA()
    {
        FrameFormat format = FrameFormat.Lines(maxLength: 20, crLf: true).WithStart("$"u8);
        Assert.Equal("$GPGGA,1\r\n"u8.ToArray(), FrameTest.Encode(format, "GPGGA,1"u8.ToArray()));
        byte[] tooLong = [.. "$"u8, .. new byte[100]];
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, [.. "xx\n$A\r\n"u8, .. tooLong, .. "$B\r\n"u8]);
        Assert.Equal(["A"u8.ToArray(), "B"u8.ToArray()], frames);
        Assert.Equal((1L, 1L), (counts.Malformed, counts.TooLong));
        Assert.Equal(3 + 101, counts.DroppedBytes);
    }

    [Fact]
    public void A_start_is_needed() => Assert.Throws<ArgumentException>(() => FrameFormat.Fixed(1).WithStart([]));
}
