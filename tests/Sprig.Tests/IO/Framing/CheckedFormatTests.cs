using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class CheckedFormatTests
{
    [Fact]
    public async Task The_check_goes_behind_the_frame_and_within_the_format()
    {
        await FrameTest.AssertOnLine(FrameFormat.Cobs().WithCheck(Crc16.CcittFalse), "123456789"u8.ToArray(), [12, .. "123456789"u8, 0x29, 0xB1, 0]);
        await FrameTest.AssertOnLine(FrameFormat.LengthPrefixed().WithCheck(Crc16.Modbus), FrameTest.Hex("02 07"), FrameTest.Hex("00 04 02 07 41 12"));
        await FrameTest.AssertOnLine(FrameFormat.Cobs().WithCheck(FrameCheck.Crc32), [], [1, 1, 1, 1, 1, 0]);
    }

    [Fact]
    public async Task A_wrong_one_is_dropped_shown_as_decoded_and_the_next_is_read()
    {
        FrameFormat format = FrameFormat.Cobs().WithCheck(Crc16.Xmodem);
        byte[] line = FrameTest.Encode(format, [[1, 0, 2], [3]]);
        line[1] ^= 0x40;
        byte[]? shown = null;
        FrameReader reader = new(new MemoryStream(line), format) { Dropped = (fault, bytes) => shown = [(byte)fault, .. bytes] };
        Assert.Equal([[3]], await FrameTest.ReadAll(reader));
        Assert.Equal((1L, 7L), (reader.Counts.BadChecks, reader.Counts.DroppedBytes));
        Assert.Equal([(byte)FrameFault.BadCheck, 0x41, 0, 2], shown![..4]);
        Assert.Equal(6, shown.Length);
    }

    [Fact]
    public async Task One_that_is_shorter_than_its_check_is_wrong()
    {
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(FrameFormat.Lines().WithCheck(Crc16.Modbus), "a\n\n"u8.ToArray());
        Assert.Empty(frames);
        Assert.Equal((2L, 3L), (counts.BadChecks, counts.DroppedBytes));
    }

    [Fact]
    public async Task Behind_a_wrong_length_every_good_frame_is_found()
    {
        FrameFormat format = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1 }, maxLength: 255).WithCheck(FrameCheck.Crc32);
        byte[] line = FrameTest.Encode(format, "one"u8.ToArray(), "two"u8.ToArray(), "three"u8.ToArray());
        // Reaches beyond the end of the stream: only the end tells that it was wrong.
        line[0] = 200;
        (List<byte[]> frames, FrameCounts counts) = await FrameTest.Decode(format, line);
        Assert.Equal(["two"u8.ToArray(), "three"u8.ToArray()], frames);
        Assert.Equal((1L, 8L), (counts.Truncated, counts.DroppedBytes));
    }

    [Fact]
    public async Task Two_checks_may_be_laid_on_each_other()
    {
        FrameFormat format = FrameFormat.Slip().WithCheck(FrameCheck.Crc32).WithCheck(Crc16.X25);
        Assert.Equal(FrameFormat.DefaultMaxLength - 6, format.MaxLength);
        byte[] frame = new byte[1000];
        (List<byte[]> frames, _) = await FrameTest.Decode(format, FrameTest.Encode(format, [frame]));
        Assert.Equal([frame], frames);
    }

    [Fact]
    public void The_frame_needs_room_beside_it()
    {
        Assert.Throws<ArgumentException>(() => FrameFormat.Cobs(2).WithCheck(Crc16.Modbus));
        Assert.Throws<ArgumentNullException>(() => FrameFormat.Cobs().WithCheck(null!));
        Assert.Equal(1, FrameFormat.Cobs(3).WithCheck(Crc16.Modbus).MaxLength);
    }
}
