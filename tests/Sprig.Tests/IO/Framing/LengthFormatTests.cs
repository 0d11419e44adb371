using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class LengthFormatTests
{
    [Theory]
    [InlineData(1, false, 0, "03 61 62 63")]
    [InlineData(2, false, 0, "00 03 61 62 63")]
    [InlineData(2, true, 0, "03 00 61 62 63")]
    [InlineData(4, false, 0, "00 00 00 03 61 62 63")]
    [InlineData(4, true, 0, "03 00 00 00 61 62 63")]
    [InlineData(2, false, -2, "00 05 61 62 63")]
    [InlineData(1, false, 2, "01 61 62 63")]
    public Task The_length_stands_before_the_frame(int size, bool lowByteFirst, int adjustment, string line)
        => FrameTest.AssertOnLine(
            FrameFormat.LengthPrefixed(new LengthPrefix { Size = size, LowByteFirst = lowByteFirst, Adjustment = adjustment }),
            "abc"u8.ToArray(),
            FrameTest.Hex(line));

    [Fact]
    public async Task With_an_offset_the_frame_is_the_whole_and_the_length_is_filled_in()
    {
        FrameFormat format = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1, Offset = 2 });
        byte[] line = FrameTest.Hex("0A 03 02 11 22");
        Assert.Equal(line, FrameTest.Encode(format, FrameTest.Hex("0A 03 00 11 22")));
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, [.. line, .. line]);
        Assert.Equal([line, line], frames);
        Assert.Equal(0, counts.OverheadBytes);
        Assert.Throws<ArgumentException>(() => FrameTest.Encode(format, [[1, 2]]));
    }

    [Fact]
    public async Task A_check_covers_a_length_that_is_kept()
    {
        FrameFormat format = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1, IsKept = true, Adjustment = 2 }).WithCheck(Crc16.Modbus);
        byte[] check = new byte[2];
        Crc16.Modbus.Write([2, 0x11, 0x22], check);
        await FrameTest.AssertOnLine(format, [2, 0x11, 0x22], [2, 0x11, 0x22, .. check]);
    }

    [Fact]
    public async Task A_length_that_can_not_be_is_a_fault_and_the_search_goes_on_a_byte_further()
    {
        FrameFormat format = FrameFormat.LengthPrefixed(new LengthPrefix { Adjustment = -2 }, maxLength: 16);
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, FrameTest.Hex("FF FF FF 00 03 61 00 04 62 62"));
        Assert.Equal(["a"u8.ToArray(), "bb"u8.ToArray()], frames);
        Assert.Equal((1L, 3L), (counts.TooLong, counts.DroppedBytes));
        (frames, counts) = await FrameTest.Decode(format, FrameTest.Hex("00 01 00 03 61"));
        Assert.Equal((1L, 0L, 2L), (counts.Malformed, counts.TooLong, counts.DroppedBytes));
        Assert.Equal(["a"u8.ToArray()], frames);
    }

    [Fact]
    public async Task A_length_of_4_bytes_beyond_all_memory_is_too_long()
    {
        FrameFormat format = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 4, Adjustment = 1024 });
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, FrameTest.Hex("FF FF FF FF"));
        Assert.Empty(frames);
        Assert.Equal((1L, 4L), (counts.TooLong, counts.DroppedBytes));
    }

    [Fact]
    public async Task What_the_end_cuts_off_is_counted_and_not_read_as_other_frames()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(
            FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1 }), FrameTest.Hex("01 61 05 01 62 01 63"));
        Assert.Equal(["a"u8.ToArray()], frames);
        Assert.Equal((1L, 5L), (counts.Truncated, counts.DroppedBytes));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        FrameFormat one = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1 });
        Assert.Equal(256, FrameTest.Encode(one, new byte[255]).Length);
        Assert.Throws<ArgumentException>(() => FrameTest.Encode(one, new byte[256]));
        FrameFormat reduced = FrameFormat.LengthPrefixed(new LengthPrefix { Adjustment = 2 });
        Assert.Throws<ArgumentException>(() => FrameTest.Encode(reduced, new byte[1]));
    }

    [Fact]
    public void Prefixes_that_can_not_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.LengthPrefixed(new LengthPrefix { Size = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.LengthPrefixed(new LengthPrefix { Offset = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.LengthPrefixed(new LengthPrefix { Adjustment = 2000 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.LengthPrefixed(new LengthPrefix { Offset = 10 }, maxLength: 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.LengthPrefixed(maxLength: 0));
    }
}
