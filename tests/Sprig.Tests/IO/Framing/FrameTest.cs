using System.Diagnostics;
using Sprig.IO.Framing;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Framing;

/// <summary>What the tests of framing share.</summary>
internal static class FrameTest
{
    internal static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The bytes from <paramref name="first"/> to <paramref name="last"/>.</summary>
    internal static byte[] Run(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(i => (byte)i)];

    internal static byte[] Encode(FrameFormat format, params IEnumerable<byte[]> frames)
    {
        MemoryStream line = new();
        foreach (byte[] frame in frames)
        {
            byte[] encoded = new byte[format.GetMaxEncodedLength(frame.Length)];
            line.Write(encoded, 0, format.Encode(frame, encoded));
        }

        return line.ToArray();
    }

    internal static async Task<List<byte[]>> ReadAll(FrameReader reader)
    {
        List<byte[]> frames = [];
        while (await reader.ReadAsync() is { } frame)
            frames.Add(frame.ToArray());
        AssertAddsUp(reader);
        Assert.Equal(0, reader.Buffered);
        return frames;
    }

    /// <summary>What these bytes hold, read whole and a byte at a time: it must be the same.</summary>
    internal static async Task<(List<byte[]> Frames, FrameCounts Counts)> Decode(FrameFormat format, byte[] bytes)
    {
        FrameReader whole = new(new PieceStream(bytes, int.MaxValue), format);
        FrameReader bytewise = new(new PieceStream(bytes, 1), format);
        List<byte[]> frames = await ReadAll(whole);
        Assert.Equal(frames, await ReadAll(bytewise));
        Assert.Equal(whole.Counts, bytewise.Counts);
        Assert.Equal(bytes.Length, whole.Counts.BytesReceived);
        return (frames, whole.Counts);
    }

    /// <summary>A frame goes over the line like this, and comes back.</summary>
    internal static async Task AssertOnLine(FrameFormat format, byte[] frame, byte[] line)
    {
        Assert.Equal(line, Encode(format, frame));
        (List<byte[]> frames, FrameCounts counts) = await Decode(format, line);
        Assert.Equal([frame], frames);
        Assert.Equal(line.Length - frame.Length, counts.OverheadBytes);
        Assert.Equal(0, counts.Faults);
    }

    internal static void AssertAddsUp(FrameReader reader)
    {
        FrameCounts counts = reader.Counts;
        Assert.Equal(counts.BytesReceived, counts.FrameBytes + counts.OverheadBytes + counts.DroppedBytes + reader.Buffered);
        Assert.Equal(counts.Faults == 0, counts.DroppedBytes == 0);
    }

    /// <summary>Lets the loop turn until so many bytes have come: in virtual time none passes meanwhile.</summary>
    internal static async Task UntilReceived(FrameReader reader, long bytes)
    {
        long start = Stopwatch.GetTimestamp();
        while (reader.Counts.BytesReceived < bytes)
        {
            await Coroutine.Yield();
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "The bytes do not come.");
        }
    }
}
