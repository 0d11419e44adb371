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
    public void Ten_thousand_edges_in_bursts_arrive_one_and_all() => Bench.Run(async bench =>
    {
        const int Edges = 10_000;
        const int Burst = 1000;
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { EdgeBuffer = 1024 });
        for (uint taken = 0; taken < Edges;)
        {
            for (int i = 0; i < Burst; i++)
                bench.Pull(17, i % 2 == 0);
            for (int i = 0; i < Burst; i++)
            {
                GpioEdge edge = await input.WaitForEdgeAsync();
                Assert.Equal((++taken, i % 2 == 0), (edge.Sequence, edge.IsRising));
            }
        }

        Assert.Equal(0, input.LostEdges);
    });

    [Fact]
    public void Ten_thousand_edges_for_one_that_is_too_slow_arrive_or_are_counted() => Bench.Run(async bench =>
    {
        const int Edges = 10_000;
        using GpioInput input = bench.Chip.OpenInput(17);
        Coroutine puller = Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < Edges; i++)
            {
                bench.Pull(17, i % 2 == 0);
                if (i % 1000 == 999)
                    await Coroutine.Yield();
            }
        });
        long taken = 0;
        for (uint sequence = 0; sequence < Edges; taken++)
        {
            GpioEdge edge = await input.WaitForEdgeAsync();
            Assert.True(edge.Sequence > sequence);
            sequence = edge.Sequence;
        }

        await puller;
        Assert.Equal(Edges, taken + input.LostEdges);
        Assert.True(input.LostEdges > 0);
    });

    [Fact]
    public void Of_several_inputs_the_oldest_edge_comes_first_and_the_others_stay() => Bench.Run(async bench =>
    {
        using GpioInput four = bench.Chip.OpenInput(4);
        using GpioInput five = bench.Chip.OpenInput(5);
        Coroutine<(GpioInput Input, GpioEdge Edge)> waiter = Coroutine.Spawn(async () => await GpioInput.WaitForAnyAsync([four, five]));
        await Coroutine.Yield();
        bench.Pull(5, true);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        bench.Pull(4, true);
        Assert.Same(five, (await waiter).Input);
        Assert.Same(four, (await GpioInput.WaitForAnyAsync([four, five])).Input);
        Assert.Equal((0, 0), (four.LostEdges, five.LostEdges));
    });

    [Fact]
    public void A_stamp_of_the_wall_clock_is_one() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { Clock = GpioClock.Realtime });
        bench.Pull(17, true);
        GpioEdge edge = await input.WaitForEdgeAsync();
        Assert.Equal(GpioClock.Realtime, edge.Clock);
        Assert.True(edge.WallTime > new DateTimeOffset(1999, 12, 31, 0, 0, 0, TimeSpan.Zero));
    });

    [Fact]
    public void A_chatter_within_the_debounce_time_is_one_edge_or_none() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { Debounce = TimeSpan.FromMilliseconds(20) });
        for (int i = 0; i < 5; i++)
            bench.Pull(17, i % 2 == 0);
        MonotonicTime settled = MonotonicTime.Now;
        GpioEdge edge = await input.WaitForEdgeAsync();
        Assert.True(edge.IsRising);
        Assert.Equal(1u, edge.Sequence);
        Assert.True(edge.Timestamp >= settled);
        bench.Pull(17, false);
        bench.Pull(17, true);
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(200), async () => await input.WaitForEdgeAsync()));
    });

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 8)]
    [InlineData(16, 16)]
    public void At_least_as_many_edges_are_kept_as_were_asked_for(int buffer, int kept) => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { EdgeBuffer = buffer });
        for (int i = 0; i < 40; i++)
            bench.Pull(17, i % 2 == 0);
        Assert.Equal((uint)(40 - kept + 1), (await input.WaitForEdgeAsync()).Sequence);
        Assert.Equal(40 - kept, input.LostEdges);
    });

    [Fact]
    public void The_oldest_of_several_comes_first_also_when_the_loop_has_not_looked_since() => Bench.Run(async bench =>
    {
        using GpioInput four = bench.Chip.OpenInput(4);
        using GpioInput five = bench.Chip.OpenInput(5);
        bench.Pull(4, true);
        Assert.Same(four, (await GpioInput.WaitForAnyAsync([five, four])).Input);
        bench.Pull(5, true);
        bench.Pull(4, false);
        Assert.Same(five, (await GpioInput.WaitForAnyAsync([five, four])).Input);
        Assert.Same(four, (await GpioInput.WaitForAnyAsync([five, four])).Input);
    });

    [Fact]
    public void A_wait_for_a_kind_that_the_line_was_opened_without_is_refused() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17, new GpioInputOptions { Edges = GpioEdges.Rising });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.WaitForEdgeAsync(GpioEdges.Falling));
        bench.Pull(17, true);
        await input.WaitForLevelAsync(true);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.WaitForLevelAsync(false));
        bench.Pull(17, false);
        await input.WaitForLevelAsync(false);
        Coroutine level = Coroutine.Spawn(async () => await input.WaitForLevelAsync(true));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        bench.Pull(17, true);
        await level;
    });

    [Fact]
    public void Edges_that_a_run_left_are_there_for_the_next()
    {
        using Bench bench = Bench.Create();
        using GpioInput input = bench.Chip.OpenInput(17);
        for (uint run = 0; run < 3; run++)
        {
            bench.RunOnce(async () =>
            {
                for (int i = 0; i < 4; i++)
                    bench.Pull(17, i % 2 == 0);
                Assert.Equal(3 * run + 1, (await input.WaitForEdgeAsync()).Sequence);
                Assert.Equal(3 * run + 2, (await input.WaitForEdgeAsync()).Sequence);
                Assert.Equal(3 * run + 3, (await input.WaitForEdgeAsync()).Sequence);
            });
        }

        Assert.Equal(0, input.LostEdges);
    }

    [Fact]
    public void Another_thread_gives_a_line_back_at_once_though_a_coroutine_waits_for_it() => Bench.Run(async bench =>
    {
        using GpioInput input = bench.Chip.OpenInput(17);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(async () => await input.WaitForEdgeAsync());
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        Thread thread = new(input.Dispose);
        thread.Start();
        thread.Join();
        // The loop stood still meanwhile.
        bench.Chip.OpenInput(17).Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiter);
    });
}
