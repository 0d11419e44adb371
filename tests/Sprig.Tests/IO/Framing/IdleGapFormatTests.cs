using Nerdbank.Streams;
using Sprig.IO;
using Sprig.IO.Framing;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.IO.Framing;

public class IdleGapFormatTests
{
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan s_less = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan s_more = TimeSpan.FromMilliseconds(5);

    public static TheoryData<string> Lines => ["socket", "pty", "foreign"];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_frame_ends_when_nothing_came_for_the_gap(string line) => OnLine(line, FrameFormat.IdleGap(s_gap), async (sender, reader) =>
    {
        List<byte[]> frames = [];
        using CancellationTokenSource source = new();
        Coroutine reading = Coroutine.Spawn(async () =>
        {
            await foreach (ReadOnlyMemory<byte> frame in reader.WithCancellation(source.Token))
                frames.Add(frame.ToArray());
        });
        await Send(sender, reader, [1, 2]);
        await Coroutine.Sleep(s_less);
        Assert.Empty(frames);
        await Send(sender, reader, [3]);
        await Coroutine.Sleep(s_less);
        Assert.Empty(frames);
        await Coroutine.Sleep(s_more - s_less);
        Assert.Equal([[1, 2, 3]], frames);
        await Send(sender, reader, [4]);
        await Coroutine.Sleep(s_more);
        Assert.Equal([[1, 2, 3], [4]], frames);
        FrameTest.AssertAddsUp(reader);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await reading);
    });

    [Theory]
    [MemberData(nameof(Lines))]
    public void Silence_before_a_frame_is_no_frame(string line) => OnLine(line, FrameFormat.IdleGap(s_gap), async (sender, reader) =>
    {
        Coroutine<byte[]?> reading = Coroutine.Spawn(async () => (await reader.ReadAsync())?.ToArray());
        await Coroutine.Sleep(TimeSpan.FromMinutes(1));
        await Send(sender, reader, [7]);
        Assert.Equal([7], await reading);
        Assert.Equal(1, reader.Counts.Frames);
    });

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_deadline_and_a_kill_within_a_gap_lose_no_byte(string line) => OnLine(line, FrameFormat.IdleGap(s_gap), async (sender, reader) =>
    {
        Coroutine reading = Coroutine.Spawn(() => Deadline.TryRunAsync(s_less, async () => await reader.ReadAsync()));
        await Send(sender, reader, [1]);
        await reading;
        Assert.Equal(1, reader.Buffered);
        reading = Coroutine.Spawn(() => reader.ReadAsync());
        await Send(sender, reader, [2]);
        await reading.KillAsync();
        using CancellationTokenSource source = new();
        reading = Coroutine.Spawn(() => reader.ReadAsync(source.Token));
        await Send(sender, reader, [3]);
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await reading);
        Assert.Equal([1, 2, 3], (await reader.ReadAsync())?.ToArray());
        Assert.Equal(0, reader.Counts.Faults);
    });

    [Fact]
    public void Modbus_frames_are_read_checked_and_the_next_one_after_noise_is_good()
        => OnLine("socket", FrameFormat.IdleGap(LineTiming.ModbusGap(9600), 256).WithCheck(Crc16.Modbus), async (sender, reader) =>
    {
        List<byte[]> frames = [];
        Coroutine reading = Coroutine.Spawn(async () =>
        {
            while (await reader.ReadAsync() is { } frame)
                frames.Add(frame.ToArray());
        });
        // From the specification: the diagnostics request, and one whose CRC a bit has changed.
        foreach (string hex in (string[])["02 07 41 12", "01 03 00 00 00 0A C5 CC", "FF", "01 03 00 00 00 0A C5 CD"])
        {
            await Send(sender, reader, FrameTest.Hex(hex));
            await Coroutine.Sleep(s_more);
        }

        Assert.Equal([[2, 7], FrameTest.Hex("01 03 00 00 00 0A")], frames);
        Assert.Equal((2L, 9L), (reader.Counts.BadChecks, reader.Counts.DroppedBytes));
        FrameTest.AssertAddsUp(reader);
        await reading.KillAsync();
    });

    [Fact]
    public void What_is_too_long_is_dropped_up_to_the_silence() => OnLine("socket", FrameFormat.IdleGap(s_gap, maxLength: 10), async (sender, reader) =>
    {
        Coroutine<byte[]?> reading = Coroutine.Spawn(async () => (await reader.ReadAsync())?.ToArray());
        await Send(sender, reader, new byte[11]);
        await Send(sender, reader, new byte[5]);
        await Coroutine.Sleep(s_less);
        await Send(sender, reader, [1]);
        await Coroutine.Sleep(s_more);
        await Send(sender, reader, [2, 3]);
        Assert.Equal([2, 3], await reading);
        Assert.Equal((1L, 17L, 1L), (reader.Counts.TooLong, reader.Counts.DroppedBytes, reader.Counts.Frames));
        FrameTest.AssertAddsUp(reader);
    });

    [Theory]
    [MemberData(nameof(Lines))]
    public void On_another_format_a_silence_drops_what_was_begun(string line)
        => OnLine(line, FrameFormat.LengthPrefixed(new LengthPrefix { Size = 1 }).WithGap(s_gap), async (sender, reader) =>
    {
        Coroutine<byte[]?> reading = Coroutine.Spawn(async () => (await reader.ReadAsync())?.ToArray());
        await Send(sender, reader, [5, 1, 2]);
        await Coroutine.Sleep(s_more);
        await Send(sender, reader, [2, 8, 9]);
        Assert.Equal([8, 9], await reading);
        Assert.Equal((1L, 3L), (reader.Counts.Truncated, reader.Counts.DroppedBytes));
    });

    [Fact]
    public void The_end_of_the_stream_ends_a_frame_too() => OnLine("socket", FrameFormat.IdleGap(s_gap), async (sender, reader) =>
    {
        await sender.WriteAsync(new byte[] { 1, 2 });
        await sender.DisposeAsync();
        Assert.Equal([[1, 2]], await FrameTest.ReadAll(reader));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_loop_that_comes_late_takes_what_has_come_meanwhile_for_no_silence(int turns)
        => OnLine("socket", FrameFormat.IdleGap(s_gap), async (sender, reader) =>
    {
        TestClock clock = (TestClock)CoroutineScheduler.Current.Options.Clock!;
        Coroutine<byte[]?> reading = Coroutine.Spawn(async () => (await reader.ReadAsync())?.ToArray());
        await Send(sender, reader, [1]);
        await IoLoop.UntilBlocked(reading);
        // The time is over; and the byte comes before the loop looks, or after it has looked and before the reader has its turn.
        clock.Advance(s_more);
        for (int i = 0; i < turns; i++)
            await Coroutine.Yield();
        await sender.WriteAsync(new byte[] { 2 });
        Assert.Equal([1, 2], await reading);
    });

    [Fact]
    public void A_writer_leaves_the_gap_after_the_last_character_has_gone_out() => IoLoop.RunVirtually(async () =>
    {
        TimeSpan character = TimeSpan.FromMilliseconds(1);
        MemoryStream line = new();
        FrameWriter writer = new(line, FrameFormat.IdleGap(s_gap, 10, character));
        MonotonicTime start = MonotonicTime.Now;
        await writer.WriteAsync(new byte[] { 1, 2, 3 });
        Assert.Equal(start, MonotonicTime.Now);
        using CancellationTokenSource source = new(TimeSpan.Zero);
        await IoLoop.Throws<OperationCanceledException>(async () => await writer.WriteAsync(new byte[] { 4 }, source.Token));
        Assert.False(await Deadline.TryRunAsync(s_gap, async () => await writer.WriteAsync(new byte[] { 4 })));
        Assert.Equal(3, line.Length);
        await writer.WriteAsync(new byte[] { 4 });
        Assert.Equal(TimeSpan.FromMilliseconds(3 + 4), MonotonicTime.Now - start);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(20));
        await writer.WriteAsync(new byte[] { 5 });
        Assert.Equal(TimeSpan.FromMilliseconds(27), MonotonicTime.Now - start);
        Assert.Equal([1, 2, 3, 4, 5], line.ToArray());
    });

    [Fact]
    public void Gaps_and_frames_that_can_not_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.IdleGap(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.IdleGap(s_gap, characterTime: -s_gap));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameFormat.Cobs().WithGap(TimeSpan.FromTicks(1)));
        Assert.Throws<ArgumentException>(() => FrameTest.Encode(FrameFormat.IdleGap(s_gap), [[]]));
    }

    private static async Task Send(Stream sender, FrameReader reader, byte[] bytes)
    {
        long before = reader.Counts.BytesReceived;
        await sender.WriteAsync(bytes);
        await sender.FlushAsync();
        await FrameTest.UntilReceived(reader, before + bytes.Length);
    }

    /// <summary>In virtual time: it passes only where all wait, so the gaps are those of the test, whatever the machine does.</summary>
    private static void OnLine(string line, FrameFormat format, Func<Stream, FrameReader, Task> body) => IoLoop.RunVirtually(async () =>
    {
        if (line == "pty")
        {
            using PseudoTerminal terminal = PseudoTerminal.Open();
            using SerialPort port = SerialPort.Open(terminal.DevicePath);
            await body(terminal, new FrameReader(port, format));
            return;
        }

        if (line == "foreign")
        {
            (Stream near, Stream far) = FullDuplexStream.CreatePair();
            await body(near, new FrameReader(far, format));
            return;
        }

        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
            await body(client, new FrameReader(server, format));
    });
}
