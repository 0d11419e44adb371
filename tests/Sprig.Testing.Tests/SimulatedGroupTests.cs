using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class SimulatedGroupTests
{
    private static readonly GpioLineSettings s_both = new() { Edges = GpioEdges.Both };
    private static readonly GpioLineSettings s_output = new() { Direction = GpioDirection.Output };

    [Fact]
    public void Debouncing_gives_one_edge_for_a_bouncing_press_stamped_after_the_period() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        TimeSpan period = TimeSpan.FromMilliseconds(10);
        using GpioInput button = board.OpenInput(4, new GpioInputOptions { Bias = GpioBias.PullUp, Debounce = period });
        board.Pin(4).Press(bounce: new Bounce(5, TimeSpan.FromMilliseconds(1)));
        GpioEdge edge = await button.WaitForEdgeAsync();
        MonotonicTime rested = board.ChangesOf(4).Last().Time;
        Assert.Equal((false, 1u, rested + period), (edge.IsRising, edge.Sequence, edge.Timestamp));
        Assert.Equal(clock.Now, edge.Timestamp);
        // High at first (its pull-up), then eleven changes.
        Assert.Equal(12, board.ChangesOf(4).Count());
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await button.WaitForEdgeAsync()));
        board.Pin(4).Release(new Bounce(3, TimeSpan.FromMilliseconds(1), Seed: 7));
        Assert.True(button.Read() == false && board[4]);
        Assert.True((await button.WaitForEdgeAsync()).IsRising);
        Assert.True(button.Read());
    });

    [Fact]
    public void A_pulse_shorter_than_the_period_is_no_edge_and_the_period_begins_anew_with_each_change() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        using GpioInput input = board.OpenInput(4, new GpioInputOptions { Debounce = TimeSpan.FromMilliseconds(10) });
        for (int i = 0; i < 7; i++)
        {
            board.Drive(4, i % 2 == 0);
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(9));
        }

        Assert.False(input.Read());
        GpioEdge edge = await input.WaitForEdgeAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(64), clock.Elapsed);
        Assert.Equal((true, 1u), (edge.IsRising, edge.Sequence));
        board.Drive(4, false);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(5));
        board.Drive(4, true);
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await input.WaitForEdgeAsync()));
    });

    [Fact]
    public void A_line_without_edges_is_debounced_when_it_is_read() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioLineGroup group = board.OpenLines([4], new GpioLineSettings { Debounce = TimeSpan.FromMilliseconds(10), ActiveLow = true });
        Assert.True(group.Read(4));
        board.Drive(4, true);
        Assert.True(group.Read(4));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(11));
        Assert.False(group.Read(4));
    });

    [Fact]
    public void The_edges_of_a_group_share_one_buffer_and_its_oldest_are_lost_and_counted_by_line() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioLineGroup group = board.OpenLines([4, 5], s_both, new GpioRequestOptions { EdgeBuffer = 4 });
        for (int i = 0; i < 5; i++)
            board.Drive(4, i % 2 == 0);
        board.Drive(5, true);
        List<(int, uint)> seen = [];
        for (int i = 0; i < 4; i++)
        {
            GpioEdge edge = await group.WaitForEdgeAsync();
            seen.Add((edge.Line, edge.Sequence));
        }

        Assert.Equal([(4, 3u), (4, 4u), (4, 5u), (5, 1u)], seen);
        Assert.Equal((2, 0, 2), (group.LostEdgesOf(4), group.LostEdgesOf(5), group.LostEdges));
    });

    [Fact]
    public void A_line_turns_from_input_to_output_and_back_without_a_glitch_and_keeps_its_edges() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioLineGroup line = board.OpenLines([4], s_both);
        board.Drive(4, true);
        board.Pin(4).Float();
        int before = board.ChangesOf(4).Count();
        line.Configure(s_output with { InitialLevel = true });
        Assert.Equal(before, board.ChangesOf(4).Count());
        line.Write(4, false);
        line.Configure(s_both);
        Assert.Equal(GpioDirection.Input, line.Settings[0].Direction);
        Assert.Throws<InvalidOperationException>(() => line.Write(4, true));
        Assert.Equal(1u, (await line.WaitForEdgeAsync()).Sequence);
        board.Drive(4, true);
        Assert.Equal(2u, (await line.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void A_waiter_goes_on_waiting_while_its_line_is_set_anew() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioLineGroup line = board.OpenLines([4], s_both);
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.WaitForEdgeAsync());
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        line.Configure(s_both with { ActiveLow = true });
        board.Drive(4, true);
        Assert.False((await waiter).IsRising);
    });

    [Fact]
    public void The_walls_clock_stamps_edges_where_it_is_asked_for() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        using GpioInput input = board.OpenInput(4, new GpioInputOptions { Clock = GpioClock.Realtime });
        await Coroutine.Sleep(TimeSpan.FromSeconds(3));
        board.Drive(4, true);
        Assert.Equal(clock.GetUtcNow(), (await input.WaitForEdgeAsync()).WallTime);
    });

    [Fact]
    public void Any_of_several_boards() => SimulatedBoardTests.Run(async (board, _) =>
    {
        SimulatedBoard expander = new(8, name: "gpiochip2", label: "mcp23008");
        using GpioInput one = board.OpenInput(4), two = expander.OpenInput(4);
        Coroutine later = Coroutine.SpawnAfter(TimeSpan.FromSeconds(1), () =>
        {
            expander.Drive(4, true);
            board.Drive(4, true);
            return Task.CompletedTask;
        });
        Assert.Same(two, (await GpioInput.WaitForAnyAsync([two, one])).Input);
        Assert.Same(one, (await GpioInput.WaitForAnyAsync([two, one])).Input);
        await later;
    });

    [Fact]
    public void It_may_be_driven_and_read_from_any_thread() => SimulatedBoardTests.Run(async (board, _) =>
    {
        const int Count = 500;
        board.Connect(4, 5);
        using GpioInput input = board.OpenInput(4, new GpioInputOptions { EdgeBuffer = 1024 });
        using GpioOutput output = board.OpenOutput(5);
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        IDisposable posts = scheduler.ExpectPosts();
        Thread thread = new(() =>
        {
            for (int i = 0; i < Count; i++)
                output.Toggle();
            posts.Dispose();
        });
        thread.Start();
        for (uint i = 1; i <= Count; i++)
        {
            GpioEdge edge = await input.WaitForEdgeAsync();
            Assert.Equal((i, i % 2 == 1), (edge.Sequence, edge.IsRising));
        }

        thread.Join();
        Assert.Equal(0, input.LostEdges);
    });
}
