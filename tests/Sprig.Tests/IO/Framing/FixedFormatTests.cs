using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class FixedFormatTests
{
    [Fact]
    public async Task Frames_follow_each_other_without_anything_between_them()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(FrameFormat.Fixed(3), FrameTest.Run(1, 8));
        Assert.Equal([[1, 2, 3], [4, 5, 6]], frames);
        Assert.Equal((1L, 2L), (counts.Truncated, counts.DroppedBytes));
    }

    [Fact]
    public async Task With_a_check_they_are_found_again_after_a_byte_was_lost()
    {
        FrameFormat format = FrameFormat.Fixed(6).WithCheck(FrameCheck.Crc32);
        byte[] line = FrameTest.Encode(format, [[1, 2], [3, 4], [5, 6]]);
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, line[1..]);
        Assert.Equal([[3, 4], [5, 6]], frames);
        Assert.Equal((1L, 5L), (counts.BadChecks, counts.DroppedBytes));
    }

    [Fact]
    public void A_frame_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => FrameTest.Encode(FrameFormat.Fixed(3), new byte[2]));
        Assert.Throws<ArgumentException>(() => FrameTest.Encode(FrameFormat.Fixed(3).WithCheck(Crc16.Modbus), new byte[2]));
    }
}
