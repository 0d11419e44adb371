using Sprig.IO;
using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class FrameReaderReopeningTests
{
    public static TheoryData<string> Formats => ["cobs", "lines", "length", "fixed"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_frame_that_an_unplugging_has_torn_is_dropped_and_not_joined_to_the_first_one_after_it(string name)
    {
        FrameFormat format = FormatOf(name);
        byte[] frame = "abcd"u8.ToArray();
        byte[] encoded = new byte[format.GetMaxEncodedLength(frame.Length)];
        int length = format.Encode(frame, encoded);
        ReopenedStream stream = new([.. encoded[..length], .. encoded[..2]], encoded[..length]);
        FrameReader reader = new(stream, format);
        Assert.Equal(frame, (await reader.ReadAsync())!.Value.ToArray());
        Assert.Equal(frame, (await reader.ReadAsync())!.Value.ToArray());
        Assert.Null(await reader.ReadAsync());
        Assert.Equal(1, reader.Counts.Truncated);
        Assert.Equal(2, reader.Counts.DroppedBytes);
        FrameTest.AssertAddsUp(reader);
    }

    [Fact]
    public async Task What_was_passed_over_before_an_unplugging_is_over_with_it()
    {
        FrameFormat format = FrameFormat.Lines(maxLength: 3);
        ReopenedStream stream = new([.. "far too long, and no end"u8], [.. "abc\n"u8]);
        FrameReader reader = new(stream, format);
        Assert.Equal("abc"u8.ToArray(), (await reader.ReadAsync())!.Value.ToArray());
        Assert.Equal(1, reader.Counts.TooLong);
        Assert.Equal(1, reader.Counts.Faults);
        FrameTest.AssertAddsUp(reader);
    }

    private static FrameFormat FormatOf(string name) => name switch
    {
        "cobs" => FrameFormat.Cobs(maxLength: 10),
        "lines" => FrameFormat.Lines(maxLength: 10),
        "length" => FrameFormat.LengthPrefixed(new LengthPrefix { Size = 2 }),
        _ => FrameFormat.Fixed(4),
    };

    /// <summary>Gives one piece, comes back, and gives the other.</summary>
    private sealed class ReopenedStream(byte[] before, byte[] after) : MemoryStream(before), IReconnecting
    {
        private MemoryStream? _second;

        public long ReopenCount { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_second is null && Position == Length)
            {
                _second = new MemoryStream(after);
                ReopenCount++;
            }

            return _second?.ReadAsync(buffer, cancellationToken) ?? base.ReadAsync(buffer, cancellationToken);
        }
    }
}
