using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class CobsFormatTests
{
    private static readonly FrameFormat s_cobs = FrameFormat.Cobs();

    [Theory]
    [InlineData("", "01 00")]
    [InlineData("00", "01 01 00")]
    [InlineData("00 00", "01 01 01 00")]
    [InlineData("00 11 00", "01 02 11 01 00")]
    [InlineData("11 22 00 33", "03 11 22 02 33 00")]
    [InlineData("11 22 33 44", "05 11 22 33 44 00")]
    [InlineData("11 00 00 00", "02 11 01 01 01 00")]
    // From the paper: a packet of IPv4.
    [InlineData("45 00 00 2C 4C 79 00 00 40 06 4F 37", "02 45 01 04 2C 4C 79 01 05 40 06 4F 37 00")]
    public Task Short_frames_are_as_published(string frame, string line)
        => FrameTest.AssertOnLine(s_cobs, FrameTest.Hex(frame), FrameTest.Hex(line));

    [Fact]
    public async Task Runs_of_253_254_and_255_bytes_are_as_published()
    {
        byte[] full = FrameTest.Run(1, 254);
        await FrameTest.AssertOnLine(s_cobs, FrameTest.Run(1, 253), [254, .. FrameTest.Run(1, 253), 0]);
        await FrameTest.AssertOnLine(s_cobs, full, [255, .. full, 0]);
        await FrameTest.AssertOnLine(s_cobs, [0, .. full], [1, 255, .. full, 0]);
        await FrameTest.AssertOnLine(s_cobs, FrameTest.Run(1, 255), [255, .. full, 2, 255, 0]);
        await FrameTest.AssertOnLine(s_cobs, [.. FrameTest.Run(2, 255), 0], [255, .. FrameTest.Run(2, 255), 1, 1, 0]);
        await FrameTest.AssertOnLine(s_cobs, [.. FrameTest.Run(3, 255), 0, 1], [254, .. FrameTest.Run(3, 255), 2, 1, 0]);
        await FrameTest.AssertOnLine(s_cobs, [.. full, .. full], [255, .. full, 255, .. full, 0]);
    }

    [Fact]
    public async Task A_full_run_that_ends_a_frame_may_have_an_empty_one_behind_it()
    {
        // So some encoders write it.
        (List<byte[]> frames, _) = await FrameTest.Decode(s_cobs, [255, .. FrameTest.Run(1, 254), 1, 0]);
        Assert.Equal([FrameTest.Run(1, 254)], frames);
    }

    [Fact]
    public async Task Zeros_between_frames_are_no_frames_and_no_fault()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(s_cobs, FrameTest.Hex("00 00 02 11 00 00 01 00 00"));
        Assert.Equal([[0x11], []], frames);
        Assert.Equal(0, counts.Faults);
        Assert.Equal(8, counts.OverheadBytes);
    }

    [Theory]
    [InlineData("03 11 00", 3)]
    [InlineData("FF 11 22 00", 4)]
    [InlineData("02 11 05 22 00", 5)]
    public async Task A_code_that_points_beyond_the_end_is_malformed_and_the_next_frame_is_read(string bad, int dropped)
    {
        List<byte[]> seen = [];
        FrameReader reader = new(new MemoryStream([.. FrameTest.Hex(bad), 2, 0x33, 0]), s_cobs)
        {
            Dropped = (fault, bytes) =>
            {
                Assert.Equal(FrameFault.Malformed, fault);
                seen.Add(bytes.ToArray());
            },
        };
        Assert.Equal([[0x33]], await FrameTest.ReadAll(reader));
        Assert.Equal(1, reader.Counts.Malformed);
        Assert.Equal(dropped, reader.Counts.DroppedBytes);
        // As they came, though good frames are decoded in place.
        Assert.Equal([FrameTest.Hex(bad)], seen);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(30)]
    public async Task One_that_is_too_long_is_dropped_up_to_its_zero_and_the_next_is_read(int length)
    {
        FrameFormat cobs = FrameFormat.Cobs(maxLength: 4);
        byte[] tooLong = FrameTest.Encode(FrameFormat.Cobs(), [FrameTest.Run(1, length)]);
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(cobs, [.. tooLong, 2, 0x33, 0, .. tooLong, 5, 1, 2, 3, 4, 0]);
        Assert.Equal([[0x33], [1, 2, 3, 4]], frames);
        Assert.Equal((2L, 2L * tooLong.Length), (counts.TooLong, counts.DroppedBytes));
    }

    [Fact]
    public void The_longest_encoding_is_known_beforehand()
    {
        foreach (int length in (int[])[0, 1, 253, 254, 255, 508, 509, 4096])
        {
            byte[] frame = new byte[length];
            Array.Fill<byte>(frame, 7);
            byte[] encoded = new byte[s_cobs.GetMaxEncodedLength(length)];
            Assert.InRange(s_cobs.Encode(frame, encoded), length + 2, encoded.Length);
        }
    }
}
