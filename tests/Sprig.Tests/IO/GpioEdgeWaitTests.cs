using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>Edges of several lines, by fakes of the kernel's descriptor.</summary>
public class GpioEdgeWaitTests
{
    private static readonly GpioLineSettings s_both = new() { Edges = GpioEdges.Both };

    [Fact]
    public void Edges_of_a_group_come_in_their_order_each_by_the_setting_of_its_line() => IoLoop.Run(async () =>
    {
        using LineDouble group = new([4, 9, 12], [s_both, s_both with { Edges = GpioEdges.Rising }, s_both with { Edges = GpioEdges.None }]);
        group.Edge(4, rising: false, 1);
        group.Edge(9, rising: false, 1);
        group.Edge(12, rising: true, 1);
        group.Edge(9, rising: true, 2);
        group.Edge(4, rising: true, 2);
        Assert.Equal((4, false), await Next(group));
        Assert.Equal((9, true), await Next(group));
        Assert.Equal((4, true), await Next(group));
        Assert.Equal(0, group.Group.LostEdges);
    });

    [Fact]
    public void Lost_edges_are_counted_for_each_line() => IoLoop.Run(async () =>
    {
        using LineDouble group = new([4, 9], [s_both, s_both]);
        group.Edge(4, true, 3);
        group.Edge(9, true, 6);
        group.Edge(4, false, 4);
        for (int i = 0; i < 3; i++)
            await group.Group.WaitForEdgeAsync();
        Assert.Equal((2, 5, 7), (group.Group.LostEdgesOf(4), group.Group.LostEdgesOf(9), group.Group.LostEdges));
    });

    [Fact]
    public void The_kind_that_is_wanted_may_change_without_the_chip_being_asked() => IoLoop.Run(async () =>
    {
        using LineDouble line = new(4, s_both with { Edges = GpioEdges.Rising });
        line.Edge(4, false, 1);
        line.Edge(4, true, 2);
        Assert.Equal(2u, (await line.Input.WaitForEdgeAsync()).Sequence);
        // One that could never come is refused.
        await IoLoop.Throws<InvalidOperationException>(async () => await line.Input.WaitForEdgeAsync(GpioEdges.Falling));
    });

    [Fact]
    public void A_line_without_edges_has_none_to_wait_for() => IoLoop.Run(async () =>
    {
        using LineDouble line = new(4, new GpioLineSettings());
        InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await line.Input.WaitForEdgeAsync());
        Assert.Equal("line 4 of /dev/gpiochip0: no edges were asked for. Set Edges where it is opened or configured.", error.Message);
    });

    [Fact]
    public void The_clock_of_the_line_is_that_of_its_edges() => IoLoop.Run(async () =>
    {
        using LineDouble line = new(4, s_both with { Clock = GpioClock.Realtime });
        line.Edge(4, true, 7);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(70), (await line.Input.WaitForEdgeAsync()).WallTime);
    });

    [Fact]
    public void Await_foreach_gives_each_edge_until_it_is_left() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edges(4);
        List<uint> seen = [];
        await foreach (GpioEdge edge in line.Input.Edges(GpioEdges.Rising))
        {
            seen.Add(edge.Sequence);
            if (seen.Count == 2)
                break;
        }

        Assert.Equal([1u, 3u], seen);
        Assert.Equal(4u, (await line.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void A_token_ends_a_wait_and_it_has_taken_nothing() => IoLoop.RunVirtually(async () =>
    {
        using LineDouble line = new();
        using CancellationTokenSource source = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync(cancellationToken: source.Token));
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await waiter);
        await IoLoop.Throws<OperationCanceledException>(async () => await line.Input.WaitForEdgeAsync(cancellationToken: source.Token));
        Coroutine stream = Coroutine.Spawn(async () =>
        {
            await foreach (GpioEdge edge in line.Input.Edges().WithCancellation(source.Token))
                Assert.Fail($"{edge}");
        });
        await IoLoop.Throws<OperationCanceledException>(async () => await stream);
        line.Edges(1);
        Assert.Equal(1u, (await line.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void A_waiter_killed_after_its_edge_came_and_before_it_runs_leaves_it() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(waiter);
        line.Edges(1);
        // The loop looks at the descriptors only when this one sleeps: so it is killed by a callback that runs before it.
        while (waiter.State == CoroutineState.Blocked)
            await Coroutine.Yield();
        await waiter.KillAsync();
        Assert.Equal(CoroutineState.Killed, waiter.State);
        Assert.Equal(1u, (await line.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void Outside_of_a_run_nobody_waits()
    {
        using LineDouble line = new();
        Assert.Throws<InvalidOperationException>(() => line.Input.WaitForEdgeAsync());
    }

    [Fact]
    public void A_chip_that_goes_wakes_who_waits_for_any_and_who_iterates() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        using LineDouble other = new(18);
        Coroutine<(GpioInput, GpioEdge)> any = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync([line.Input, other.Input]));
        await IoLoop.UntilBlocked(any);
        line.HangUp();
        IOException error = await IoLoop.Throws<IOException>(async () => await any);
        Assert.Contains("line 17 of /dev/gpiochip0", error.Message, StringComparison.Ordinal);
        other.Edges(1);
        Assert.Equal(1u, (await other.Input.WaitForEdgeAsync()).Sequence);
        await IoLoop.Throws<IOException>(async () =>
        {
            await foreach (GpioEdge edge in line.Input.Edges())
                Assert.Fail($"{edge}");
        });
    });

    private static async Task<(int Line, bool IsRising)> Next(LineDouble group)
    {
        GpioEdge edge = await group.Group.WaitForEdgeAsync();
        return (edge.Line, edge.IsRising);
    }
}
