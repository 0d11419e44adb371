using CsCheck;
using Sprig.IO.Framing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

/// <summary>Random frames, in random pieces, with random noise between them.</summary>
public class FrameRoundTripTests
{
    private static readonly byte[] s_special = [0, 10, 13, 0x55, 0xAA, 0xC0, 0xDB, (byte)'$'];
    private static readonly Gen<byte> s_byte
        = Gen.Frequency((4, Gen.Byte), (1, Gen.Int[0, s_special.Length - 1].Select(i => s_special[i])), (2, Gen.Const((byte)7)));
    private static readonly Gen<byte[]> s_frame = Gen.OneOf(s_byte.Array[0, 20], s_byte.Array[240, 260], s_byte.Array[500, AllFormats.MaxLength]);
    private static readonly Gen<int[]> s_pieces = Gen.OneOf(Gen.Int[1, 4], Gen.Int[1, 600], Gen.Const(100_000)).Array[1, 8];

    public static TheoryData<string> Streaming => AllFormats.Streaming;

    [Theory]
    [MemberData(nameof(Streaming))]
    public Task Whatever_is_written_is_read_in_whatever_pieces(string name)
        => Gen.Select(s_frame.Array[0, 20], s_pieces).SampleAsync(
            async (frames, pieces) =>
            {
                FrameFormat format = AllFormats.Named(name);
                byte[][] sent = [.. frames.Select(frame => AllFormats.Fit(name, frame))];
                MemoryStream line = new();
                FrameWriter writer = new(line, format);
                foreach (byte[] frame in sent)
                    await writer.WriteAsync(frame);
                FrameReader reader = new(new PieceStream(line.ToArray(), pieces), format);
                List<byte[]> read = await FrameTest.ReadAll(reader);
                Assert.Equal(sent, read);
                Assert.Equal((line.Length, 0L), (reader.Counts.BytesReceived, reader.Counts.Faults));
                Assert.Equal(line.Length, writer.BytesWritten);
            },
            iter: 300,
            threads: 1);

    /// <summary>With a check of 32 bits, so that no noise is taken for a frame.</summary>
    [Theory]
    [InlineData("lines")]
    [InlineData("delimited")]
    [InlineData("COBS")]
    [InlineData("SLIP")]
    [InlineData("length")]
    [InlineData("varint")]
    [InlineData("start and length")]
    [InlineData("start and fixed")]
    public Task After_noise_every_good_frame_is_read_and_every_byte_is_counted(string name)
        => Gen.Select(Gen.Select(s_byte.Array[0, 59], s_byte.Array[0, 200], Gen.Int[0, 3]).Array[1, 12], s_pieces).SampleAsync(
            async (parts, pieces) =>
            {
                FrameFormat format = Checked(name);
                List<byte> line = [];
                // A frame that follows noise directly shares its fate where only its end tells of it.
                List<(byte[] Frame, bool IsSure)> sent = [];
                foreach ((byte[] content, byte[] noise, int kind) in parts)
                {
                    bool isNoisy = kind == 0;
                    if (isNoisy)
                        line.AddRange(noise);
                    // Numbered, so that one that was lost is not taken for its like.
                    byte[] frame = Printable(name, [(byte)sent.Count, .. content]);
                    line.AddRange(FrameTest.Encode(format, [frame]));
                    sent.Add((frame, !isNoisy || !format.HasBoundaries || name == "SLIP"));
                }

                FrameReader reader = new(new PieceStream([.. line], pieces), format);
                List<byte[]> read = await FrameTest.ReadAll(reader);
                int next = 0;
                foreach ((byte[] frame, bool isSure) in sent)
                {
                    if (next < read.Count && read[next].AsSpan().SequenceEqual(frame))
                        next++;
                    else
                        Assert.False(isSure, $"Frame {Convert.ToHexString(frame)} was lost.");
                }

                Assert.Equal(read.Count, next);
                Assert.Equal(line.Count, reader.Counts.BytesReceived);
            },
            iter: 500,
            threads: 1);

    /// <summary>Bits that flip, bytes that are lost and doubled anywhere.</summary>
    [Theory]
    [InlineData("COBS")]
    [InlineData("SLIP")]
    [InlineData("length")]
    [InlineData("start and length")]
    public Task A_line_that_corrupts_costs_the_frames_that_it_has_touched_and_their_neighbours_alone(string name)
        => Gen.Select(s_byte.Array[1, 40].Array[5, 20], Gen.Int[0, 10_000], Gen.Int[0, 2], Gen.Int[1, 255], s_pieces).SampleAsync(
            async (contents, where, kind, flip, pieces) =>
            {
                FrameFormat format = Checked(name);
                byte[][] encoded = [.. contents.Select(frame => FrameTest.Encode(format, [frame]))];
                List<byte> line = [.. encoded.SelectMany(frame => frame)];
                int at = where % line.Count;
                int touched = 0;
                for (int end = encoded[0].Length; end <= at; end += encoded[touched].Length)
                    touched++;
                if (kind == 0)
                    line[at] ^= (byte)flip;
                else if (kind == 1)
                    line.RemoveAt(at);
                else
                    line.Insert(at, (byte)flip);
                FrameReader reader = new(new PieceStream([.. line], pieces), format);
                List<byte[]> read = await FrameTest.ReadAll(reader);
                // All before it; all after the next one; and of these two no wrong one.
                Assert.Equal(contents[..touched], read.Take(touched));
                int after = Math.Max(0, contents.Length - touched - 2);
                Assert.Equal(contents[^after..], read.TakeLast(after));
                Assert.InRange(read.Count, touched + after, contents.Length);
            },
            iter: 500,
            threads: 1);

    private static FrameFormat Checked(string name) => name switch
    {
        "lines" => FrameFormat.Lines(128).WithCheck(new Digits()),
        "delimited" => FrameFormat.Delimited([0xAA, 0x55], 128).WithCheck(new Digits()),
        "COBS" => FrameFormat.Cobs(128).WithCheck(FrameCheck.Crc32),
        "SLIP" => FrameFormat.Slip(128).WithCheck(FrameCheck.Crc32),
        "length" => FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1 }, 128).WithCheck(FrameCheck.Crc32),
        "varint" => FrameFormat.VarintPrefixed(128).WithCheck(FrameCheck.Crc32),
        "start and length" => FrameFormat.LengthPrefixed(null, 128).WithCheck(FrameCheck.Crc32).WithStart([0xAA, 0x55]),
        _ => FrameFormat.Fixed(64).WithStart([0xAA, 0x55]).WithCheck(FrameCheck.Crc32),
    };

    private static byte[] Printable(string name, byte[] frame) => name switch
    {
        "lines" or "delimited" => [.. frame.Select(value => (byte)('a' + value % 26))],
        "start and fixed" => [.. frame, .. new byte[60 - frame.Length]],
        _ => frame,
    };

    /// <summary>A CRC-32 in hexadecimal digits, as protocols of text have it.</summary>
    private sealed class Digits() : FrameCheck(8)
    {
        public override void Write(ReadOnlySpan<byte> frame, Span<byte> check)
        {
            Span<byte> value = stackalloc byte[4];
            Crc32.Write(frame, value);
            Convert.TryToHexStringLower(value, check, out _);
        }
    }
}
