using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class SlipFormatTests
{
    private static readonly FrameFormat s_slip = FrameFormat.Slip();

    [Theory]
    [InlineData("01", "C0 01 C0")]
    [InlineData("01 02 03", "C0 01 02 03 C0")]
    [InlineData("C0", "C0 DB DC C0")]
    [InlineData("DB", "C0 DB DD C0")]
    [InlineData("DC DD", "C0 DC DD C0")]
    [InlineData("DB DC", "C0 DB DD DC C0")]
    [InlineData("C0 C0 DB DB", "C0 DB DC DB DC DB DD DB DD C0")]
    [InlineData("01 C0 02 DB 03", "C0 01 DB DC 02 DB DD 03 C0")]
    public Task Escapes_are_those_of_the_RFC(string frame, string line)
        => FrameTest.AssertOnLine(s_slip, FrameTest.Hex(frame), FrameTest.Hex(line));

    [Fact]
    public async Task Frames_of_a_writer_that_sends_no_END_before_them_are_read_too()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(s_slip, FrameTest.Hex("01 C0 02 C0 C0 C0 03 C0"));
        Assert.Equal([[1], [2], [3]], frames);
        Assert.Equal(0, counts.Faults);
    }

    [Theory]
    [InlineData("01 DB 02 C0")]
    [InlineData("DB C0")]
    [InlineData("01 DB DC DB DB C0")]
    public async Task A_wrong_escape_is_malformed_and_the_next_frame_is_read(string bad)
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(s_slip, [.. FrameTest.Hex(bad), 0xC0, 0x33, 0xC0]);
        Assert.Equal([[0x33]], frames);
        Assert.Equal(1, counts.Malformed);
        Assert.Equal(FrameTest.Hex(bad).Length, counts.DroppedBytes);
    }

    [Fact]
    public async Task Noise_before_a_frame_costs_no_frame()
    {
        FrameFormat format = s_slip.WithCheck(Crc16.X25);
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, [1, 2, 3, .. FrameTest.Encode(format, [[9, 9]])]);
        Assert.Equal([[9, 9]], frames);
        Assert.Equal(1, counts.BadChecks);
    }

    [Fact]
    public void An_empty_frame_is_refused() => Assert.Throws<ArgumentException>(() => FrameTest.Encode(s_slip, [[]]));
}
