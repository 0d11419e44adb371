using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>Edges: queued between waits, stamped, counted.</summary>
public class EdgeTests
{
    [Fact]
    public void Edges_between_two_waits_come_in_order_with_rising_stamps_and_sequences() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17);
        for (int i = 0; i < 3; i++)
        {
            bench.Pull(17, true);
            bench.Pull(17, false);
        }

        MonotonicTime last = default;
        for (uint i = 1; i <= 6; i++)
        {
            GpioEdge edge = await input.WaitForEdgeAsync();
            Assert.Equal((17, i % 2 == 1, i), (edge.Line, edge.IsRising, edge.Sequence));
            Assert.True(edge.Timestamp >= last);
            last = edge.Timestamp;
        }

        Assert.Equal(0, input.LostEdges);
        Assert.True(last <= MonotonicTime.Now);
    });

    [Fact]
    public void A_wait_ends_with_the_edge_that_comes_later_and_passes_over_the_other_kind() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(async () => await input.WaitForEdgeAsync(GpioEdges.Falling));
        await Coroutine.Yield();
        bench.Pull(17, true);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(5));
        Assert.True(waiter.IsAlive);
        bench.Pull(17, false);
        GpioEdge edge = await waiter;
        Assert.False(edge.IsRising);
        Assert.Equal(2u, edge.Sequence);
    });

    [Fact]
    public void A_deadline_takes_no_edge_with_it() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17);
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(5), async () => await input.WaitForEdgeAsync()));
        bench.Pull(17, true);
        Assert.Equal(1u, (await input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void Of_more_edges_than_are_kept_the_oldest_are_lost_and_counted() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { EdgeBuffer = 4 });
        for (int i = 0; i < 10; i++)
            bench.Pull(17, i % 2 == 0);
        uint first = (await input.WaitForEdgeAsync()).Sequence;
        Assert.Equal(7u, first);
        Assert.Equal(6, input.LostEdges);
        for (uint i = 8; i <= 10; i++)
            Assert.Equal(i, (await input.WaitForEdgeAsync()).Sequence);
        Assert.Equal(6, input.LostEdges);
    });

    [Fact]
    public void Ten_thousand_edges_in_bursts_arrive_or_are_counted() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { EdgeBuffer = 1024 });
        const int Edges = 10_000;
        Coroutine puller = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < Edges; i++)
            {
                bench.Pull(17, i % 2 == 0);
                if (i % 500 == 499)
                    await Coroutine.Yield();
            }
        });
        long taken = 0;
        uint sequence = 0;
        while (sequence < Edges)
        {
            GpioEdge edge = await input.WaitForEdgeAsync();
            Assert.True(edge.Sequence > sequence);
            Assert.Equal(edge.Sequence % 2 == 1, edge.IsRising);
            sequence = edge.Sequence;
            taken++;
        }

        await puller;
        Assert.Equal(Edges, taken + input.LostEdges);
        Assert.Equal(0, input.LostEdges);
    });
}
