using Sprig.IO;
using Sprig.IO.Links;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>Kills, deadlines and disposal in the waits of a link, and what they cost.</summary>
public class LinkWaitTests
{
    [Fact]
    public void A_read_that_is_killed_or_out_of_time_takes_no_byte() => IoLoop.RunVirtually(async () =>
    {
        await using LinkBench bench = await LinkBench.OpenAsync();
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await bench.Left.ReadAsync(new byte[9])));
        Coroutine<int> killed = Coroutine.Spawn(() => bench.Left.ReadAsync(new byte[9]));
        await IoLoop.UntilBlocked(killed);
        await killed.KillAsync();
        using CancellationTokenSource stop = new();
        ValueTask<int> cancelled = bench.Left.ReadAsync(new byte[9], stop.Token);
        await stop.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await cancelled);
        await bench.Right.WriteAsync("all of it"u8.ToArray());
        Assert.Equal("all of it"u8.ToArray(), await IoLoop.ReadExactly(bench.Left, 9));
    });

    [Fact]
    public void A_write_without_room_waits_for_it_and_can_be_cut() => IoLoop.RunVirtually(async () =>
    {
        await using LinkBench bench = await LinkBench.OpenAsync(options: new ReliableLinkOptions { BufferSize = 2000 });
        // Its own buffer and that of the other side: then nothing goes any more.
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMinutes(10), async () => await bench.Left.WriteAsync(LinkBench.Data(10_000))));
        Coroutine writer = Coroutine.Spawn(() => bench.Left.WriteAsync(new byte[1]));
        await IoLoop.UntilBlocked(writer);
        await IoLoop.Throws<InvalidOperationException>(async () => await bench.Left.WriteAsync(new byte[1]));
        await writer.KillAsync();
        Assert.Equal(LinkBench.Data(10_000).AsSpan(0, 4000).ToArray(), await IoLoop.ReadExactly(bench.Right, 4000));
        Assert.Equal(0, await Pending(bench.Right));
    });

    [Fact]
    public void Two_readers_are_one_too_many_and_empty_reads_and_writes_do_nothing() => IoLoop.RunVirtually(async () =>
    {
        await using LinkBench bench = await LinkBench.OpenAsync();
        await bench.Left.WriteAsync(ReadOnlyMemory<byte>.Empty);
        Coroutine<int> asking = Coroutine.Spawn(() => bench.Right.ReadAsync(Memory<byte>.Empty));
        await IoLoop.UntilBlocked(asking);
        await IoLoop.Throws<InvalidOperationException>(async () => await bench.Right.ReadAsync(new byte[1]));
        // What reads nothing asks whether there is something.
        await bench.Left.WriteAsync(new byte[] { 5 });
        Assert.Equal(0, await asking);
        Assert.Equal([5], await IoLoop.ReadExactly(bench.Right, 1));
        await bench.Left.DrainAsync();
        Assert.Equal((1, 1), (bench.Left.Statistics.BytesSent, bench.Right.Statistics.BytesReceived));
    });

    [Fact]
    public void Disposing_wakes_reader_writer_and_drainer() => IoLoop.RunVirtually(async () =>
    {
        LinkBench bench = await LinkBench.OpenAsync(options: new ReliableLinkOptions { BufferSize = 2000 });
        Coroutine[] waiting =
        [
            Coroutine.Spawn(async () => await IoLoop.Throws<ObjectDisposedException>(async () => await bench.Left.ReadAsync(new byte[1]))),
            Coroutine.Spawn(async () => await IoLoop.Throws<ObjectDisposedException>(async () => await bench.Left.WriteAsync(new byte[10_000]))),
            Coroutine.Spawn(async () => await IoLoop.Throws<ObjectDisposedException>(async () => await bench.Left.DrainAsync())),
        ];
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        bench.Left.Dispose();
        await Coroutine.JoinAll(waiting);
        await bench.Left.DisposeAsync();
        Assert.False(bench.Left.CanRead);
        await bench.DisposeAsync();
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_line_that_takes_nothing_holds_up_no_disposing(bool inOrder) => IoLoop.RunVirtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.None, 1);
        StuckStream stuck = new(first);
        (ReliableLink left, ReliableLink right) = await LinkBench.OpenBoth(stuck, second);
        if (inOrder)
        {
            // All was said and heard, and then, before the farewell, the other side's port is closed.
            Coroutine closing = Coroutine.Spawn(() => left.DisposeAsync());
            Assert.Equal(0, await right.ReadAsync(new byte[1]));
            stuck.IsStuck = true;
            Assert.True(await Deadline.TryRunAsync(TimeSpan.FromMinutes(1), async () => await closing));
        }
        else
        {
            stuck.IsStuck = true;
            left.Dispose();
            await Coroutine.Sleep(TimeSpan.FromMinutes(1));
        }

        Assert.True(stuck.IsWaitedFor);
        Assert.False(first.CanRead);
        right.Dispose();
        line.Dispose();
    });

    [Fact]
    public void A_write_that_waits_for_its_turn_while_the_session_ends_is_told() => IoLoop.RunVirtually(async () =>
    {
        LinkBench bench = await LinkBench.OpenAsync();
        bench.Line.IsCut = true;
        ValueTask write;
        do
        {
            write = bench.Left.WriteAsync(new byte[1]);
        }
        while (write.IsCompleted);
        bench.Left.Dispose();
        Assert.True(await Deadline.TryRunAsync(TimeSpan.FromMinutes(1), async () => await IoLoop.Throws<ObjectDisposedException>(async () => await write)));
        bench.Right.Dispose();
    });

    [Fact]
    public void Disposing_that_nobody_acknowledges_says_what_was_lost() => IoLoop.RunVirtually(async () =>
    {
        LinkBench bench = await LinkBench.OpenAsync();
        bench.Line.IsCut = true;
        await bench.Left.WriteAsync(new byte[77]);
        IOException error = await IoLoop.Throws<IOException>(async () => await bench.Left.DisposeAsync());
        Assert.Equal("left was closed, but not in time. 77 bytes that were written were not acknowledged.", error.Message);
        bench.Right.Dispose();
    });

    [Fact]
    public void At_rest_nothing_is_sent_and_nothing_wakes() => IoLoop.RunVirtually(async () =>
    {
        await using LinkBench bench = await LinkBench.OpenAsync(LineNoise.Dropping(0.01), seed: 9, baudRate: 115_200);
        await bench.Left.WriteAsync(LinkBench.Data(5000));
        await IoLoop.ReadExactly(bench.Right, 5000);
        await bench.Left.DrainAsync();
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        long sent = bench.Left.Statistics.FramesSent + bench.Right.Statistics.FramesSent;
        long timers = CoroutineScheduler.Current.Timers.Count;
        await Coroutine.Sleep(TimeSpan.FromDays(1));
        Assert.Equal((sent, 0), (bench.Left.Statistics.FramesSent + bench.Right.Statistics.FramesSent, timers));
    });

    [Fact]
    public void Bytes_over_a_link_allocate_nothing() => IoLoop.Run(async () =>
    {
        (SocketStream client, SocketStream server) = await IoLoop.ConnectedPair();
        (ReliableLink left, ReliableLink right) = await LinkBench.OpenBoth(client, server);
        Coroutine echo = Coroutine.Spawn(async () =>
        {
            byte[] copy = new byte[1000];
            int count;
            while ((count = await right.ReadAsync(copy)) > 0)
                await right.WriteAsync(copy.AsMemory(0, count));
        });
        byte[] buffer = new byte[1000];
        long before = 0;
        const int Rounds = 1000;
        for (int i = 0; i < 3 * Rounds; i++)
        {
            if (i == 2 * Rounds)
                before = GC.GetAllocatedBytesForCurrentThread();
            await left.WriteAsync(buffer);
            for (int have = 0; have < buffer.Length;)
                have += await left.ReadAsync(buffer.AsMemory(have));
        }

        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
        await left.DisposeAsync();
        await echo;
        await right.DisposeAsync();
    });

    [Fact]
    public void Bad_options_are_told_and_leave_the_line_alone() => IoLoop.RunVirtually(async () =>
    {
        (MemoryLine first, MemoryLine second) = MemoryLine.CreatePair();
        foreach (ReliableLinkOptions bad in new ReliableLinkOptions[]
        {
            new() { BufferSize = 100 }, new() { BufferSize = 100_000 }, new() { MaxFramePayload = 8 }, new() { MaxFramePayload = 241 },
            new() { PeerTimeout = TimeSpan.Zero }, new() { KeepAlive = TimeSpan.FromSeconds(-2) }, new() { CloseTimeout = TimeSpan.FromSeconds(-2) },
        })
        {
            await IoLoop.Throws<ArgumentOutOfRangeException>(async () => await ReliableLink.OpenAsync(first, bad));
        }

        Assert.True(first.CanRead);
        second.Dispose();
        await IoLoop.Throws<IOException>(async () => await ReliableLink.OpenAsync(first));
    });

    private static async Task<int> Pending(ReliableLink link)
    {
        int count = 0;
        await Deadline.TryRunAsync(TimeSpan.FromSeconds(10), async () => count = await link.ReadAsync(new byte[100]));
        return count;
    }
}
