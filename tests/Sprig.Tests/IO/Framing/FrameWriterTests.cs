using Sprig.IO.Framing;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class FrameWriterTests
{
    [Fact]
    public async Task A_frame_is_one_write()
    {
        Recorder line = new();
        FrameWriter writer = new(line, FrameFormat.Cobs().WithCheck(FrameCheck.Crc32));
        byte[] large = new byte[4000];
        await writer.WriteAsync(large);
        await writer.WriteAsync("ok"u8.ToArray());
        Assert.Equal(2, line.Writes.Count);
        Assert.Equal((2L, (long)line.Writes.Sum(write => write.Length)), (writer.Frames, writer.BytesWritten));
        FrameReader reader = new(new MemoryStream([.. line.Writes.SelectMany(write => write)]), writer.Format);
        Assert.Equal([large, "ok"u8.ToArray()], await FrameTest.ReadAll(reader));
    }

    [Fact]
    public async Task What_the_format_can_not_carry_is_refused_before_anything_is_written()
    {
        Recorder line = new();
        FrameWriter writer = new(line, FrameFormat.Lines(maxLength: 4));
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync("12345"u8.ToArray()));
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync("1\n2"u8.ToArray()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.WriteAsync("1"u8.ToArray(), new CancellationToken(true)));
        Assert.Empty(line.Writes);
        await writer.WriteAsync("1234"u8.ToArray());
        Assert.Equal(["1234\n"u8.ToArray()], line.Writes);
        Assert.Equal(1, writer.Frames);
    }

    [Fact]
    public async Task After_a_write_that_broke_off_the_next_frame_begins_behind_a_boundary()
    {
        foreach (FrameFormat format in (FrameFormat[])[FrameFormat.Cobs(), FrameFormat.Slip(), FrameFormat.Lines(), FrameFormat.Delimited("--"u8)])
        {
            FrameFormat whole = format.WithCheck(FrameCheck.Crc32).WithGap(TimeSpan.FromSeconds(1));
            Recorder line = new() { BreakAt = 3 };
            FrameWriter writer = new(line, whole);
            await Assert.ThrowsAsync<IOException>(async () => await writer.WriteAsync("lost"u8.ToArray()));
            await writer.WriteAsync("kept"u8.ToArray());
            await writer.WriteAsync("too"u8.ToArray());
            Assert.Equal(2, writer.Frames);
            FrameReader reader = new(new MemoryStream([.. line.Writes.SelectMany(write => write)]), format.WithCheck(FrameCheck.Crc32));
            Assert.Equal(["kept"u8.ToArray(), "too"u8.ToArray()], await FrameTest.ReadAll(reader));
            Assert.Equal(1, reader.Counts.Faults);
        }
    }

    [Fact]
    public void One_writes_at_a_time() => IoLoop.Run(async () =>
    {
        Recorder line = new() { Gate = new TaskCompletionSource() };
        FrameWriter writer = new(line, FrameFormat.Cobs());
        Coroutine first = Coroutine.Spawn(() => writer.WriteAsync("one"u8.ToArray()));
        await IoLoop.UntilBlocked(first);
        await IoLoop.Throws<InvalidOperationException>(async () => await writer.WriteAsync("two"u8.ToArray()));
        line.Gate.SetResult();
        await first;
        await writer.WriteAsync("two"u8.ToArray());
        Assert.Equal([[4, .. "one"u8, 0], [4, .. "two"u8, 0]], line.Writes);
    });

    [Fact]
    public void A_kill_that_is_due_comes_before_anything_is_written() => IoLoop.Run(async () =>
    {
        Recorder line = new();
        FrameWriter writer = new(line, FrameFormat.Lines());
        Coroutine? self = null;
        self = Coroutine.Spawn(async () =>
        {
            self!.Kill();
            await writer.WriteAsync("never"u8.ToArray());
        });
        await IoLoop.Throws<CoroutineKilledException>(async () => await self);
        await writer.WriteAsync("line"u8.ToArray());
        // Nothing was broken off, so nothing is ended.
        Assert.Equal(["line\n"u8.ToArray()], line.Writes);
    });

    [Fact]
    public void It_needs_a_stream_and_a_format()
    {
        Assert.Throws<ArgumentNullException>(() => new FrameWriter(null!, FrameFormat.Cobs()));
        Assert.Throws<ArgumentNullException>(() => new FrameWriter(Stream.Null, null!));
    }

    /// <summary>Keeps each write, breaks the first one off, holds them up.</summary>
    private sealed class Recorder : MemoryStream
    {
        internal List<byte[]> Writes { get; } = [];

        internal int BreakAt { get; set; }

        internal TaskCompletionSource? Gate { get; init; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Gate is not null)
                await Gate.Task;
            int count = BreakAt > 0 ? BreakAt : buffer.Length;
            BreakAt = 0;
            Writes.Add(buffer[..count].ToArray());
            if (count < buffer.Length)
                throw new IOException("broken off");
        }
    }
}
