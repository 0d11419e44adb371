using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class VarintFormatTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(127, "7F")]
    [InlineData(128, "80 01")]
    [InlineData(300, "AC 02")]
    [InlineData(16_384, "80 80 01")]
    public Task The_length_has_7_bits_a_byte(int length, string prefix)
    {
        byte[] frame = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        return FrameTest.AssertOnLine(FrameFormat.VarintPrefixed(20_000), frame, [.. FrameTest.Hex(prefix), .. frame]);
    }

    [Fact]
    public async Task What_is_too_long_or_no_length_is_dropped_a_byte_at_a_time()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(FrameFormat.VarintPrefixed(100), FrameTest.Hex("65 01 61"));
        Assert.Equal(["a"u8.ToArray()], frames);
        Assert.Equal((1L, 1L), (counts.TooLong, counts.DroppedBytes));
        (frames, counts) = await FrameTest.Decode(FrameFormat.VarintPrefixed(100), FrameTest.Hex("FF FF FF FF FF FF FF FF FF 01 61"));
        Assert.Equal((1L, 0L), (counts.Malformed, counts.TooLong));
        Assert.Equal(["a"u8.ToArray()], frames);
    }

    [Fact]
    public async Task A_length_that_the_end_cuts_off_is_counted()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(FrameFormat.VarintPrefixed(), FrameTest.Hex("01 61 80"));
        Assert.Equal(["a"u8.ToArray()], frames);
        Assert.Equal((1L, 1L), (counts.Truncated, counts.DroppedBytes));
    }
}
