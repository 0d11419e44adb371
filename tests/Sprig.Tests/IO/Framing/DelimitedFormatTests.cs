using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class DelimitedFormatTests
{
    [Fact]
    public async Task Frames_end_with_the_delimiter()
    {
        await FrameTest.AssertOnLine(FrameFormat.Delimited("\r"u8), "OK"u8.ToArray(), "OK\r"u8.ToArray());
        await FrameTest.AssertOnLine(FrameFormat.Delimited("--"u8), "a-b"u8.ToArray(), "a-b--"u8.ToArray());
        await FrameTest.AssertOnLine(FrameFormat.Delimited("--"u8), [], "--"u8.ToArray());
        await FrameTest.AssertOnLine(FrameFormat.Delimited([0, 0, 1]), [5, 0, 1, 0, 2], [5, 0, 1, 0, 2, 0, 0, 1]);
    }

    [Fact]
    public async Task What_only_begins_like_the_delimiter_belongs_to_the_frame()
    {
        (List<byte[]> frames, _) = await FrameTest.Decode(FrameFormat.Delimited("END"u8), "EENENENDEEND"u8.ToArray());
        Assert.Equal(["EENEN"u8.ToArray(), "E"u8.ToArray()], frames);
    }

    [Theory]
    [InlineData("a--b")]
    [InlineData("--")]
    [InlineData("a-")]
    public void A_frame_that_would_be_cut_elsewhere_is_refused(string frame)
        => Assert.Throws<ArgumentException>(() => FrameTest.Encode(FrameFormat.Delimited("--"u8), System.Text.Encoding.ASCII.GetBytes(frame)));

    [Fact]
    public async Task What_is_too_long_is_dropped_up_to_its_delimiter_and_counted_once()
    {
        FrameFormat format = FrameFormat.Delimited("--"u8, maxLength: 4);
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, "abcd--abcde--0123456789012345678901234567890123456789--ok--"u8.ToArray());
        Assert.Equal(["abcd"u8.ToArray(), "ok"u8.ToArray()], frames);
        Assert.Equal(2, counts.TooLong);
        Assert.Equal(7 + 42, counts.DroppedBytes);
    }

    [Fact]
    public async Task The_last_piece_without_a_delimiter_is_no_frame()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(FrameFormat.Delimited("--"u8), "ab--cde-"u8.ToArray());
        Assert.Equal(["ab"u8.ToArray()], frames);
        Assert.Equal(1, counts.Truncated);
        Assert.Equal(4, counts.DroppedBytes);
    }

    [Fact]
    public void A_delimiter_is_needed() => Assert.Throws<ArgumentException>(() => FrameFormat.Delimited([]));
}
