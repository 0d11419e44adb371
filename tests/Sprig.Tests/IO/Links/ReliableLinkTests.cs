using Sprig.IO;
using Sprig.IO.Links;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>The stream on the loop, in virtual time over a noisy line in memory.</summary>
public class ReliableLinkTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 0.001)]
    [InlineData(0, 0.01)]
    public void All_bytes_come_once_and_in_order_both_ways(double drop, double corrupt) => IoLoop.RunVirtually(async () =>
    {
        LineNoise noise = new() { DropRate = drop, CorruptRate = corrupt, InsertRate = drop / 10, BurstRate = drop / 100 };
        await using LinkBench bench = await LinkBench.OpenAsync(noise, seed: 3, baudRate: 115_200);
        byte[] out1 = LinkBench.Data(40_000, 1);
        byte[] out2 = LinkBench.Data(30_000, 2);
        Coroutine left = Coroutine.Spawn(() => bench.Left.WriteAsync(out1));
        Coroutine right = Coroutine.Spawn(() => bench.Right.WriteAsync(out2));
        Coroutine<byte[]> read = Coroutine.Spawn(() => IoLoop.ReadExactly(bench.Left, out2.Length));
        Assert.Equal(out1, await IoLoop.ReadExactly(bench.Right, out1.Length));
        Assert.Equal(out2, await read);
        await left;
        await right;
        await bench.Left.DrainAsync();
        Assert.Equal((40_000, 30_000), (bench.Left.Statistics.BytesSent, bench.Left.Statistics.BytesReceived));
        Assert.Equal(drop + corrupt > 0, bench.Left.Statistics.FramesResent > 0);
    });

    [Fact]
    public void The_end_comes_after_all_bytes_and_the_other_direction_goes_on() => IoLoop.RunVirtually(async () =>
    {
        await using LinkBench bench = await LinkBench.OpenAsync(LineNoise.Dropping(0.02), seed: 5, baudRate: 115_200);
        await bench.Left.WriteAsync(LinkBench.Data(1000));
        bench.Left.ShutdownWrite();
        await IoLoop.Throws<InvalidOperationException>(async () => await bench.Left.WriteAsync(new byte[1]));
        Assert.Equal(LinkBench.Data(1000), await IoLoop.ReadExactly(bench.Right, 2000));
        Assert.Equal(0, await bench.Right.ReadAsync(new byte[1]));
        await bench.Right.WriteAsync("still here"u8.ToArray());
        Assert.Equal("still here"u8.ToArray(), await IoLoop.ReadExactly(bench.Left, 10));
    });

    [Fact]
    public void Disposing_sends_all_first_and_the_other_side_reads_it_to_the_end() => IoLoop.RunVirtually(async () =>
    {
        LinkBench bench = await LinkBench.OpenAsync(LineNoise.Dropping(0.02), seed: 6, baudRate: 115_200);
        await bench.Left.WriteAsync(LinkBench.Data(20_000));
        Coroutine closing = Coroutine.Spawn(() => bench.Left.DisposeAsync());
        Assert.Equal(LinkBench.Data(20_000), await IoLoop.ReadExactly(bench.Right, 30_000));
        await closing;
        IOException error = await IoLoop.Throws<IOException>(async () =>
        {
            while (true)
            {
                await bench.Right.WriteAsync(new byte[100]);
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(10));
            }
        });
        Assert.Contains("has closed it", error.Message, StringComparison.Ordinal);
        await bench.DisposeAsync();
    });

    [Fact]
    public void Disposing_at_once_aborts_and_the_other_side_is_told() => IoLoop.RunVirtually(async () =>
    {
        await using LinkBench bench = await LinkBench.OpenAsync();
        Coroutine<int> reader = Coroutine.Spawn(() => bench.Right.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(reader);
        bench.Left.Dispose();
        IOException error = await IoLoop.Throws<IOException>(async () => await reader);
        Assert.Equal("The other side of right has aborted it.", error.Message);
        await IoLoop.Throws<ObjectDisposedException>(async () => await bench.Left.ReadAsync(new byte[1]));
    });

    [Fact]
    public void A_line_that_ends_is_an_error_for_readers_and_writers() => IoLoop.RunVirtually(async () =>
    {
        LinkBench bench = await LinkBench.OpenAsync();
        Coroutine<int> reader = Coroutine.Spawn(() => bench.Left.ReadAsync(new byte[1]));
        await IoLoop.UntilBlocked(reader);
        bench.Line.Unplug();
        IOException error = await IoLoop.Throws<IOException>(async () => await reader);
        Assert.Equal("The line of left has failed: the line has ended.", error.Message);
        await IoLoop.Throws<IOException>(async () => await bench.Left.WriteAsync(new byte[1]));
        await bench.DisposeAsync();
    });

    [Fact]
    public void A_peer_that_is_gone_is_noticed_by_what_it_does_not_acknowledge() => Timed(30, async () =>
    {
        LinkBench bench = await LinkBench.OpenAsync();
        bench.Line.IsCut = true;
        await bench.Left.WriteAsync(new byte[100]);
        IOException error = await IoLoop.Throws<IOException>(async () => await bench.Left.ReadAsync(new byte[1]));
        Assert.Equal(
            "The other side of left is gone, or the line is cut: nothing was acknowledged for 30 s. 100 bytes that were written were not acknowledged.",
            error.Message);
        // Who was told need not be told again.
        await bench.Left.DisposeAsync();
        bench.Right.Dispose();
    });

    [Fact]
    public void A_peer_that_never_answers_holds_up_opening_until_the_deadline() => Timed(60, async () =>
    {
        (MemoryLine first, MemoryLine second) = MemoryLine.CreatePair();
        Coroutine drain = Coroutine.Spawn(async () =>
        {
            while (await second.ReadAsync(new byte[100]) > 0)
            {
            }
        });
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMinutes(1), async () => await ReliableLink.OpenAsync(first)));
        await drain;
        Assert.False(first.CanRead);
    });

    [Fact]
    public void A_peer_that_is_started_anew_ends_the_session_and_its_bytes_stay_there() => IoLoop.RunVirtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.Dropping(0.01), seed: 4, 115_200);
        using NoisyLine noisy = line;
        ReliableLinkOptions options = new() { LeaveOpen = true };
        for (int round = 0; round < 5; round++)
        {
            (ReliableLink left, ReliableLink right) = await LinkBench.OpenBoth(first, second, options);
            await left.WriteAsync(new byte[5000]);
            await IoLoop.ReadExactly(right, 1000);
            // No farewell: its memory is lost, and bytes are under way.
            Coroutine<ReliableLink> anew = Coroutine.Spawn(async () =>
            {
                await Crash(right);
                return await ReliableLink.OpenAsync(second, options with { Name = "anew" });
            });
            IOException error = await IoLoop.Throws<IOException>(async () => await left.ReadAsync(new byte[1]));
            Assert.StartsWith("The other side of left was started anew: the session is over.", error.Message, StringComparison.Ordinal);
            await left.DisposeAsync();
            await using ReliableLink again = await ReliableLink.OpenAsync(first, options);
            await using ReliableLink other = await anew;
            await again.WriteAsync(LinkBench.Data(3000, round));
            Assert.Equal(LinkBench.Data(3000, round), await IoLoop.ReadExactly(other, 3000));
            Coroutine closing = Coroutine.Spawn(() => other.DisposeAsync());
            await again.DisposeAsync();
            await closing;
        }
    });

    /// <summary>Ends it as the end of its program would: it says nothing.</summary>
    private static async Task Crash(ReliableLink link)
    {
        foreach (Coroutine coroutine in CoroutineScheduler.Current.Coroutines.Where(c => c.Name.StartsWith(link.Name + ":", StringComparison.Ordinal)))
            await coroutine.KillAsync();
    }

    private static void Timed(double seconds, Func<Task> body)
    {
        TimeSpan took = IoLoop.RunVirtually(body).Elapsed;
        Assert.InRange(took.TotalSeconds, seconds, seconds * 1.1);
    }
}
