using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class SimulatedInputTests
{
    [Theory]
    [InlineData(GpioBias.AsIs, false)]
    [InlineData(GpioBias.None, false)]
    [InlineData(GpioBias.PullDown, false)]
    [InlineData(GpioBias.PullUp, true)]
    public void The_bias_holds_a_line_that_nothing_drives(GpioBias bias, bool level)
    {
        SimulatedBoard board = new();
        using GpioInput input = board.OpenInput(1, new GpioInputOptions { Bias = bias });
        Assert.Equal(level, input.Read());
    }

    [Fact]
    public void What_drives_a_line_from_outside_is_stronger_than_its_bias()
    {
        SimulatedBoard board = new();
        board.Drive(1, false);
        using GpioInput input = board.OpenInput(1, new GpioInputOptions { Bias = GpioBias.PullUp });
        Assert.False(input.Read());
        board.Drive(1, true);
        Assert.True(input.Read());
    }

    [Fact]
    public void An_edge_wakes_who_waits_and_has_the_time_of_the_virtual_clock() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        using GpioInput button = board.OpenInput(4);
        MonotonicTime start = clock.Now;
        _ = Coroutine.Spawn(async () =>
        {
            await Coroutine.Sleep(TimeSpan.FromSeconds(2));
            board.Drive(4, true);
            await Coroutine.Sleep(TimeSpan.FromSeconds(3));
            board.Drive(4, false);
        });
        Assert.Equal(new GpioEdge(4, true, start + TimeSpan.FromSeconds(2), 1), await button.WaitForEdgeAsync());
        Assert.Equal(new GpioEdge(4, false, start + TimeSpan.FromSeconds(5), 2), await button.WaitForEdgeAsync());
    });

    [Fact]
    public void Edges_between_two_waits_are_queued() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4);
        for (int i = 0; i < 10; i++)
            board.Drive(4, i % 2 == 0);
        // Driving the level that it has is no edge.
        board.Drive(4, false);
        for (uint i = 1; i <= 10; i++)
            Assert.Equal((i, i % 2 == 1), await Next(input));
        Assert.Equal(0, input.LostEdges);
    });

    [Fact]
    public void Settling_into_the_bias_is_no_edge() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4, new GpioInputOptions { Bias = GpioBias.PullUp });
        board.Drive(4, false);
        Assert.Equal((1u, false), await Next(input));
    });

    [Fact]
    public void Of_more_edges_than_are_kept_the_oldest_are_lost_and_counted() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4, new GpioInputOptions { EdgeBuffer = 4 });
        for (int i = 0; i < 10; i++)
            board.Drive(4, i % 2 == 0);
        Assert.Equal(0, input.LostEdges);
        Assert.Equal(7u, (await input.WaitForEdgeAsync()).Sequence);
        Assert.Equal(6, input.LostEdges);
        Assert.Equal(8u, (await input.WaitForEdgeAsync()).Sequence);
        Assert.Equal(6, input.LostEdges);
    });

    [Fact]
    public void An_input_that_is_active_low_reads_and_counts_the_other_way() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput button = board.OpenInput(4, new GpioInputOptions { ActiveLow = true, Bias = GpioBias.PullUp });
        Assert.False(button.Read());
        board.Drive(4, false);
        Assert.True(button.Read());
        Assert.Equal((1u, true), await Next(button));
    });

    [Fact]
    public void Edges_of_the_other_kind_are_passed_over() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4);
        board.Drive(4, true);
        board.Drive(4, false);
        Assert.False((await input.WaitForEdgeAsync(GpioEdges.Falling)).IsRising);
    });

    [Fact]
    public void A_wait_for_a_level_returns_at_once_or_when_it_has_come() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        using GpioInput input = board.OpenInput(4);
        await input.WaitForLevelAsync(false);
        Assert.Equal(TimeSpan.Zero, clock.Elapsed);
        _ = Coroutine.Spawn(async () =>
        {
            await Coroutine.Sleep(TimeSpan.FromSeconds(1));
            board.Drive(4, true);
        });
        await input.WaitForLevelAsync(true);
        Assert.Equal(TimeSpan.FromSeconds(1), clock.Elapsed);
    });

    [Fact]
    public void A_deadline_ends_the_wait_and_takes_no_edge_with_it() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4);
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await input.WaitForEdgeAsync()));
        board.Drive(4, true);
        Assert.Equal((1u, true), await Next(input));
    });

    [Fact]
    public void A_waiter_killed_in_the_same_breath_as_the_edge_takes_none_with_it() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        board.Drive(4, true);
        await waiter.KillAsync();
        Assert.Equal(CoroutineState.Killed, waiter.State);
        Assert.Equal((1u, true), await Next(input));
    });

    [Fact]
    public void Dispose_wakes_who_waits_with_an_error() => SimulatedBoardTests.Run(async (board, _) =>
    {
        GpioInput input = board.OpenInput(4);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        input.Dispose();
        input.Dispose();
        await waiter.JoinAsync();
        Assert.IsType<ObjectDisposedException>(waiter.Exception);
        Assert.Throws<ObjectDisposedException>(() => input.Read());
        Assert.Equal(0, board.HeldLines);
    });

    [Fact]
    public void A_second_waiter_is_an_error_at_once() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4);
        Coroutine<GpioEdge> first = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        Coroutine<GpioEdge> second = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        await second.JoinAsync();
        Assert.IsType<InvalidOperationException>(second.Exception);
        board.Drive(4, true);
        Assert.Equal(1u, (await first).Sequence);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void As_many_edges_are_kept_as_the_kernel_keeps(int buffer)
    {
        SimulatedBoard board = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => board.OpenInput(1, new GpioInputOptions { EdgeBuffer = buffer }));
        Assert.Equal(0, board.HeldLines);
    }

    private static async Task<(uint Sequence, bool IsRising)> Next(GpioInput input)
    {
        GpioEdge edge = await input.WaitForEdgeAsync();
        return (edge.Sequence, edge.IsRising);
    }
}
