using Sprig.IO;
using Sprig.IO.Framing;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class FrameReaderTests
{
    private static readonly FrameFormat s_cobs = FrameFormat.Cobs(maxLength: 100);

    [Fact]
    public void Frames_come_over_a_pty_and_an_await_foreach_ends_with_its_token() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        using CancellationTokenSource source = new();
        FrameWriter writer = new(terminal, s_cobs);
        FrameReader reader = new(port, s_cobs);
        List<byte[]> frames = [];
        Coroutine reading = Coroutine.Spawn(async () =>
        {
            await foreach (ReadOnlyMemory<byte> frame in reader.WithCancellation(source.Token))
                frames.Add(frame.ToArray());
        });
        for (int i = 0; i < 1000; i++)
            await writer.WriteAsync(FrameTest.Run(0, 100).AsMemory(0, i % 100));
        await FrameTest.UntilReceived(reader, writer.BytesWritten);
        await IoLoop.UntilBlocked(reading);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await reading);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => FrameTest.Run(0, 100)[..(i % 100)]), frames);
        FrameTest.AssertAddsUp(reader);
    });

    [Fact]
    public void A_kill_a_deadline_and_a_token_in_the_middle_of_a_frame_lose_no_byte() => IoLoop.RunVirtually(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = SerialPort.Open(terminal.DevicePath);
        using CancellationTokenSource source = new();
        FrameReader reader = new(port, s_cobs);
        byte[] line = FrameTest.Encode(s_cobs, "frame"u8.ToArray());

        Coroutine reading = Coroutine.Spawn(() => reader.ReadAsync());
        await terminal.WriteAsync(line.AsMemory(0, 2));
        await FrameTest.UntilReceived(reader, 2);
        await reading.KillAsync();

        reading = Coroutine.Spawn(() => reader.ReadAsync(source.Token));
        await terminal.WriteAsync(line.AsMemory(2, 2));
        await FrameTest.UntilReceived(reader, 4);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await reading);

        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await reader.ReadAsync()));
        await terminal.WriteAsync(line.AsMemory(4));
        Assert.Equal("frame"u8.ToArray(), (await reader.ReadAsync())?.ToArray());
        FrameTest.AssertAddsUp(reader);
    });

    [Fact]
    public async Task An_error_of_the_stream_is_passed_on_and_what_came_before_is_kept()
    {
        FrameReader reader = new(new PieceStream([2, 1, 0, 3, 1], 4) { FailOnce = true }, s_cobs);
        Assert.Equal([1], (await reader.ReadAsync())?.ToArray());
        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync());
        Assert.Equal(2, reader.Buffered);
        Assert.Null(await reader.ReadAsync());
        Assert.Null(await reader.ReadAsync());
        Assert.Equal((1L, 2L), (reader.Counts.Truncated, reader.Counts.DroppedBytes));
    }

    [Fact]
    public async Task Noise_without_end_fills_no_memory()
    {
        foreach (FrameFormat format in (FrameFormat[])[s_cobs, FrameFormat.Slip(100), FrameFormat.Lines(100), FrameFormat.Delimited("--"u8, 100), FrameFormat.LengthPrefixed(null, 100), FrameFormat.Fixed(100).WithStart("$"u8)])
        {
            byte[] noise = new byte[1_000_000];
            Array.Fill<byte>(noise, 0xFE);
            FrameReader reader = new(new PieceStream(noise, 100, 1, 5000), format);
            Assert.Empty(await FrameTest.ReadAll(reader));
            Assert.InRange(reader.Capacity, 1, 8192);
            Assert.Equal((1L, 1_000_000L), (reader.Counts.Faults, reader.Counts.DroppedBytes));
        }
    }

    [Fact]
    public async Task The_buffer_grows_up_to_the_longest_frame_and_not_much_further()
    {
        FrameFormat format = FrameFormat.LengthPrefixed(new LengthPrefix { Size = 4 }, maxLength: 100_000);
        byte[] large = new byte[100_000];
        FrameReader reader = new(new MemoryStream(FrameTest.Encode(format, [[1], large, [2], large, large])), format);
        Assert.Equal(4096, reader.Capacity);
        Assert.Equal([[1], large, [2], large, large], await FrameTest.ReadAll(reader));
        Assert.InRange(reader.Capacity, 100_004, 110_000);
    }

    [Fact]
    public async Task What_was_read_ahead_is_given_back_for_another_reader()
    {
        MemoryStream stream = new([.. "CONNECT\n"u8, 2, 7, 0, 3, 8, 9, 0]);
        FrameReader lines = new(stream, FrameFormat.Lines());
        Assert.Equal("CONNECT"u8.ToArray(), (await lines.ReadAsync())?.ToArray());
        byte[] unread = lines.TakeUnread();
        Assert.Equal([2, 7, 0, 3, 8, 9, 0], unread);
        Assert.Equal((8L, 0), (lines.Counts.BytesReceived, lines.Buffered));
        FrameReader frames = new(stream, s_cobs, unread);
        Assert.Equal([[7], [8, 9]], await FrameTest.ReadAll(frames));
    }

    [Fact]
    public async Task The_format_may_change_between_two_frames()
    {
        FrameReader reader = new(new PieceStream([.. "CONNECT\n"u8, 2, 7, 0, .. "NO CARRIER\n"u8], 100), FrameFormat.Lines());
        Assert.Equal("CONNECT"u8.ToArray(), (await reader.ReadAsync())?.ToArray());
        reader.Format = s_cobs;
        Assert.Equal([7], (await reader.ReadAsync())?.ToArray());
        reader.Format = FrameFormat.Lines();
        Assert.Equal(["NO CARRIER"u8.ToArray()], await FrameTest.ReadAll(reader));
        Assert.Equal(0, reader.Counts.Faults);
    }

    [Fact]
    public async Task TryRead_takes_what_has_come_and_reads_nothing()
    {
        FrameReader reader = new(new PieceStream([2, 7, 0, 2, 8, 0, 2], 100), s_cobs);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(0, reader.Counts.BytesReceived);
        await reader.ReadAsync();
        Assert.True(reader.TryRead(out ReadOnlyMemory<byte> frame));
        Assert.Equal([8], frame.ToArray());
        Assert.False(reader.TryRead(out _));
        Assert.Equal(1, reader.Buffered);
    }

    [Fact]
    public void One_reads_at_a_time() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            FrameReader reader = new(server, s_cobs);
            Coroutine<byte[]?> first = Coroutine.Spawn(async () => (await reader.ReadAsync())?.ToArray());
            await IoLoop.UntilBlocked(first);
            await IoLoop.Throws<InvalidOperationException>(async () => await reader.ReadAsync());
            Assert.Throws<InvalidOperationException>(() => reader.TryRead(out _));
            Assert.Throws<InvalidOperationException>(() => reader.TakeUnread());
            Assert.Throws<InvalidOperationException>(() => reader.Format = s_cobs);
            await client.WriteAsync(new byte[] { 2, 9, 0 });
            Assert.Equal([9], await first);
        }
    });

    [Fact]
    public void Frames_that_have_come_already_let_the_others_run_and_a_kill_in() => IoLoop.Run(async () =>
    {
        byte[] line = FrameTest.Encode(s_cobs, Enumerable.Repeat<byte[]>([], 1500));
        FrameReader reader = new(new MemoryStream(line), s_cobs);
        int read = 0;
        Coroutine reading = Coroutine.Spawn(async () =>
        {
            while (await reader.ReadAsync() is not null)
                read++;
        });
        while (read == 0)
            await Coroutine.Yield();
        Assert.InRange(read, 1, 200);
        await reading.KillAsync();
        Assert.Equal(read, reader.Counts.Frames);
        Assert.Equal(1500 - read, (await FrameTest.ReadAll(reader)).Count);
    });

    [Fact]
    public async Task What_the_callback_throws_comes_out_and_nothing_is_lost()
    {
        FrameReader reader = new(new MemoryStream([9, 1, 0, 2, 7, 0]), s_cobs) { Dropped = (_, _) => throw new FormatException() };
        await Assert.ThrowsAsync<FormatException>(async () => await reader.ReadAsync());
        Assert.Equal([[7]], await FrameTest.ReadAll(reader));
        Assert.Equal(1, reader.Counts.Malformed);
    }

    [Fact]
    public async Task A_format_of_ones_own_needs_no_more_than_this()
    {
        FrameReader reader = new(new PieceStream("#a##bc#dddddddd#e#f"u8.ToArray(), 2), new Fenced());
        Assert.Equal(["a"u8.ToArray(), "bc"u8.ToArray(), "e"u8.ToArray()], await FrameTest.ReadAll(reader));
        Assert.Equal((1L, 1L), (reader.Counts.TooLong, reader.Counts.Truncated));
        Assert.Equal("#bc#"u8.ToArray(), FrameTest.Encode(new Fenced(), "bc"u8.ToArray()));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 5)]
    [InlineData(1, 2, 2)]
    [InlineData(-1, 1, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, -1)]
    public async Task A_format_that_decodes_what_can_not_be_is_told_so(int offset, int length, int consumed)
    {
        FrameReader reader = new(new MemoryStream([1, 2]), new Wrong(FrameStep.Frame(offset, length, consumed)));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
        Assert.Contains(nameof(Wrong), error.Message, StringComparison.Ordinal);
        Assert.Equal(2, reader.Buffered);
    }

    [Fact]
    public void It_needs_a_stream_and_a_format()
    {
        Assert.Throws<ArgumentNullException>(() => new FrameReader(null!, s_cobs));
        Assert.Throws<ArgumentNullException>(() => new FrameReader(Stream.Null, null!));
        Assert.Throws<ArgumentNullException>(() => new FrameReader(Stream.Null, s_cobs).Format = null!);
        Assert.Same(s_cobs, new FrameReader(Stream.Null, s_cobs).Format);
    }

    private sealed class Fenced() : FrameFormat(maxLength: 4)
    {
        public override int GetMaxEncodedLength(int length) => length + 2;

        public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination)
        {
            destination[0] = (byte)'#';
            frame.CopyTo(destination[1..]);
            destination[frame.Length + 1] = (byte)'#';
            return frame.Length + 2;
        }

        public override FrameStep Decode(Span<byte> received, FrameLook look)
            => received.IndexOf((byte)'#') switch
            {
                < 0 => FrameStep.More(received.Length),
                0 => FrameStep.Skip(1),
                int at => FrameStep.Frame(0, at, at + 1),
            };
    }

    private sealed class Wrong(FrameStep step) : FrameFormat(10)
    {
        public override int GetMaxEncodedLength(int length) => length;

        public override int Encode(ReadOnlySpan<byte> frame, Span<byte> destination) => 0;

        public override FrameStep Decode(Span<byte> received, FrameLook look) => step;
    }
}
