using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Nerdbank.Streams;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class LoopPipeReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public async Task Every_byte_comes_once_and_in_order_in_whatever_pieces(int piece)
    {
        byte[] sent = new byte[50_000];
        new Random(1).NextBytes(sent);
        LoopPipeReader reader = new(new PieceStream(sent, piece));
        List<byte> got = [];
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            // Takes a part, and leaves the rest for the next time.
            long take = Math.Min(result.Buffer.Length, 777);
            got.AddRange(result.Buffer.Slice(0, take).ToArray());
            reader.AdvanceTo(result.Buffer.GetPosition(take));
            if (result.IsCompleted && take == result.Buffer.Length)
                break;
        }

        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task What_was_looked_at_and_not_taken_stays_until_there_is_more_of_it()
    {
        byte[] sent = Encoding.ASCII.GetBytes(new string('a', 5000) + "\n" + new string('b', 20_000) + "\n");
        LoopPipeReader reader = new(new PieceStream(sent, 999));
        List<long> lengths = [];
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            ReadOnlySequence<byte> rest = result.Buffer;
            Assert.True(rest.IsSingleSegment);
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                lengths.Add(rest.Slice(0, end).Length);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
                break;
        }

        Assert.Equal([5000, 20_000], lengths);
    }

    [Fact]
    public async Task What_was_not_looked_at_is_given_again_at_once()
    {
        LoopPipeReader reader = new(new PieceStream("abcd"u8.ToArray(), 2));
        Assert.False(reader.TryRead(out _));
        ReadResult first = await reader.ReadAsync();
        reader.AdvanceTo(first.Buffer.GetPosition(1));
        Assert.True(reader.TryRead(out ReadResult again));
        Assert.Equal("b"u8.ToArray(), again.Buffer.ToArray());
        reader.AdvanceTo(again.Buffer.Start, again.Buffer.End);
        Assert.False(reader.TryRead(out _));
        Assert.Equal("bcd"u8.ToArray(), (await reader.ReadAsync()).Buffer.ToArray());
    }

    [Fact]
    public async Task The_end_comes_with_the_rest_and_may_be_asked_for_again()
    {
        LoopPipeReader reader = new(new PieceStream("rest"u8.ToArray(), 10));
        reader.AdvanceTo((await reader.ReadAsync()).Buffer.Start, (await reader.ReadAsync()).Buffer.End);
        ReadResult end = await reader.ReadAsync();
        Assert.True(end.IsCompleted);
        Assert.Equal("rest"u8.ToArray(), end.Buffer.ToArray());
        reader.AdvanceTo(end.Buffer.End);
        for (int i = 0; i < 2; i++)
        {
            end = await reader.ReadAsync();
            Assert.True(end.IsCompleted && end.Buffer.IsEmpty);
            reader.AdvanceTo(end.Buffer.Start, end.Buffer.End);
        }
    }

    [Fact]
    public async Task At_least_so_many_bytes_may_be_asked_for()
    {
        LoopPipeReader reader = new(new PieceStream("0123456789"u8.ToArray(), 3));
        Assert.Equal("01234567"u8.ToArray(), (await reader.ReadAtLeastAsync(8)).Buffer.Slice(0, 8).ToArray());
    }

    [Fact]
    public void A_kill_a_deadline_and_a_token_lose_no_byte() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            LoopPipeReader reader = new(server);
            await client.WriteAsync("one "u8.ToArray());
            ReadResult first = await reader.ReadAsync();
            reader.AdvanceTo(first.Buffer.Start, first.Buffer.End);

            Coroutine<ReadResult> killed = Coroutine.Spawn(() => reader.ReadAsync());
            await IoLoop.UntilBlocked(killed);
            await killed.KillAsync();
            Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(1), async () => await reader.ReadAsync()));
            using CancellationTokenSource source = new();
            Coroutine<ReadResult> cancelled = Coroutine.Spawn(() => reader.ReadAsync(source.Token));
            await IoLoop.UntilBlocked(cancelled);
            await source.CancelAsync();
            OperationCanceledException error = await IoLoop.Throws<OperationCanceledException>(async () => await cancelled);
            Assert.Equal(source.Token, error.CancellationToken);
            await IoLoop.Throws<OperationCanceledException>(async () => await reader.ReadAsync(source.Token));

            await client.WriteAsync("two"u8.ToArray());
            Assert.Equal("one two"u8.ToArray(), (await reader.ReadAtLeastAsync(7)).Buffer.ToArray());
        }
    });

    [Fact]
    public void A_pending_read_is_cancelled_from_any_thread_and_the_next_one_reads_on() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        using (client)
        using (server)
        {
            LoopPipeReader reader = new(server);
            Coroutine<ReadResult> waiting = Coroutine.Spawn(() => reader.ReadAsync());
            await IoLoop.UntilBlocked(waiting);
            Thread thread = new(reader.CancelPendingRead);
            thread.Start();
            ReadResult result = await waiting;
            thread.Join();
            Assert.True(result.IsCanceled && result.Buffer.IsEmpty);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);

            reader.CancelPendingRead();
            Assert.True((await reader.ReadAsync()).IsCanceled);
            await client.WriteAsync("on"u8.ToArray());
            Assert.Equal("on"u8.ToArray(), (await reader.ReadAtLeastAsync(2)).Buffer.ToArray());
        }
    });

    [Fact]
    public void An_error_of_the_stream_comes_out_and_a_second_reader_is_one() => IoLoop.Run(async () =>
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using Sprig.IO.Ports.SerialPort port = Sprig.IO.Ports.SerialPort.Open(terminal.DevicePath);
        LoopPipeReader reader = new(port);
        Coroutine<ReadResult> waiting = Coroutine.Spawn(() => reader.ReadAsync());
        await IoLoop.UntilBlocked(waiting);
        await IoLoop.Throws<InvalidOperationException>(async () => await reader.ReadAsync());
        terminal.Dispose();
        Assert.Contains(port.Device, (await IoLoop.Throws<IOException>(async () => await waiting)).Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_end_closes_the_stream_unless_it_is_to_be_left_open(bool leaveOpen)
    {
        PieceStream stream = new("abc"u8.ToArray(), 3);
        LoopPipeReader reader = new(stream, leaveOpen);
        await reader.ReadAsync();
        await reader.CompleteAsync();
        reader.Complete();
        Assert.Equal(leaveOpen, stream.CanRead);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
        Assert.Throws<InvalidOperationException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void It_needs_a_stream() => Assert.Throws<ArgumentNullException>(() => new LoopPipeReader(null!));

    [Theory]
    [InlineData("loop")]
    [InlineData("class library")]
    public void Its_awaiters_go_on_in_their_coroutine_on_the_loop(string kind) => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using Sprig.IO.Ports.SerialPort port = Sprig.IO.Ports.SerialPort.Open(terminal.DevicePath);
        int loop = Environment.CurrentManagedThreadId;
        PipeReader reader = kind == "loop" ? new LoopPipeReader(port) : PipeReader.Create(port);
        PipeWriter writer = PipeWriter.Create(port);
        Coroutine echo = Coroutine.Spawn(async () =>
        {
            for (int lines = 0; lines < 3;)
            {
                ReadResult result = await reader.ReadAsync();
                Assert.Equal((loop, "coroutine echo"), (Environment.CurrentManagedThreadId, $"coroutine {Coroutine.Current.Name}"));
                // A foreign task comes home too: the coroutine still has its context.
                await Task.Yield();
                Assert.Equal(loop, Environment.CurrentManagedThreadId);
                lines += result.Buffer.ToArray().Count(one => one == '\n');
                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                    await writer.WriteAsync(piece);
                Assert.Equal(loop, Environment.CurrentManagedThreadId);
                reader.AdvanceTo(result.Buffer.End);
            }
        }, new SpawnOptions { Name = "echo" });
        LineReader back = new(terminal);
        for (int i = 0; i < 3; i++)
        {
            string line = $"line {i}";
            await IoLoop.UntilBlocked(echo);
            await terminal.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"));
            Assert.Equal(line, await back.ReadLineAsync());
        }

        await echo;
    });

    [Fact]
    public void Nerdbanks_UsePipe_reads_on_threads_of_the_pool_and_says_so() => IoLoop.Run(async () =>
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using Sprig.IO.Ports.SerialPort port = Sprig.IO.Ports.SerialPort.Open(terminal.DevicePath);
        PipeReader reader = port.UsePipeReader();
        InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await reader.ReadAsync());
        Assert.Contains("No scheduler runs on thread", error.Message, StringComparison.Ordinal);
    });

    /// <summary>A stream that gives so many bytes at a time.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
