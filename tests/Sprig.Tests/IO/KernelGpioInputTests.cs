using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class KernelGpioInputTests
{
    [Fact]
    public void An_edge_has_its_line_direction_stamp_and_sequence() => IoLoop.Run(async () =>
    {
        using LineDouble line = new(23);
        line.Edge(rising: true, lineSequence: 1);
        Assert.Equal(new GpioEdge(23, true, new MonotonicTime(1000), 1), await line.Input.WaitForEdgeAsync());
        line.Edge(rising: false, lineSequence: 2);
        Assert.Equal(new GpioEdge(23, false, new MonotonicTime(2000), 2), await line.Input.WaitForEdgeAsync());
    });

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(500)]
    public void Edges_between_two_waits_are_queued_in_their_order(int count) => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edges(count);
        for (uint i = 1; i <= count; i++)
            Assert.Equal(i, (await line.Input.WaitForEdgeAsync()).Sequence);
        Assert.Equal(0, line.Input.LostEdges);
    });

    [Fact]
    public void A_wait_without_edges_sleeps_until_one_comes() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        for (uint i = 1; i <= 5; i++)
        {
            Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
            await IoLoop.UntilBlocked(waiter);
            Assert.Equal("an edge of line 17 of /dev/gpiochip0", waiter.BlockedOn);
            line.Edges(1);
            Assert.Equal(i, (await waiter).Sequence);
        }
    });

    [Theory]
    [InlineData(GpioEdges.Rising, 1, 3)]
    [InlineData(GpioEdges.Falling, 2, 4)]
    [InlineData(GpioEdges.Both, 1, 2)]
    public void Edges_of_the_other_kind_are_passed_over(GpioEdges wanted, uint first, uint second) => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edges(5);
        Assert.Equal(first, (await line.Input.WaitForEdgeAsync(wanted)).Sequence);
        Assert.Equal(second, (await line.Input.WaitForEdgeAsync(wanted)).Sequence);
        Assert.Equal(0, line.Input.LostEdges);
    });

    [Fact]
    public void A_wait_for_no_kind_of_edge_is_an_error() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        await IoLoop.Throws<ArgumentOutOfRangeException>(async () => await line.Input.WaitForEdgeAsync(0));
    });

    [Fact]
    public void Gaps_in_the_sequence_are_counted_as_lost() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edges(2, lost: 3);
        line.Edges(2, lost: 7);
        long[] lost = new long[4];
        for (int i = 0; i < 4; i++)
        {
            await line.Input.WaitForEdgeAsync();
            lost[i] = line.Input.LostEdges;
        }

        Assert.Equal([3, 3, 10, 10], lost);
    });

    [Fact]
    public void Gaps_before_edges_that_are_passed_over_count_too() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edge(rising: false, lineSequence: 4);
        line.Edge(rising: true, lineSequence: 7);
        await line.Input.WaitForEdgeAsync(GpioEdges.Rising);
        Assert.Equal(5, line.Input.LostEdges);
    });

    [Fact]
    public void The_sequence_may_wrap_around() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edge(rising: true, lineSequence: uint.MaxValue);
        await line.Input.WaitForEdgeAsync();
        long before = line.Input.LostEdges;
        line.Edge(rising: false, lineSequence: 0);
        await line.Input.WaitForEdgeAsync();
        Assert.Equal(before, line.Input.LostEdges);
    });

    [Fact]
    public void A_second_waiter_is_an_error_at_once_and_the_first_waits_on() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> first = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(first);
        InvalidOperationException error = await IoLoop.Throws<InvalidOperationException>(async () => await line.Input.WaitForEdgeAsync());
        Assert.Contains("line 17 of /dev/gpiochip0", error.Message, StringComparison.Ordinal);
        line.Edges(1);
        Assert.Equal(1u, (await first).Sequence);
    });

    [Fact]
    public void Dispose_wakes_who_waits_with_an_error() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(waiter);
        line.Input.Dispose();
        await IoLoop.Throws<ObjectDisposedException>(async () => await waiter);
        await IoLoop.Throws<ObjectDisposedException>(async () => await line.Input.WaitForEdgeAsync());
        Assert.Throws<ObjectDisposedException>(() => line.Input.Read());
    });

    [Fact]
    public void A_wait_after_dispose_is_an_error_also_when_none_came_before() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Input.Dispose();
        line.Input.Dispose();
        await IoLoop.Throws<ObjectDisposedException>(async () => await line.Input.WaitForEdgeAsync());
    });

    [Fact]
    public void A_killed_waiter_takes_no_edge_with_it() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> killed = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(killed);
        line.Edges(1);
        await killed.KillAsync();
        Assert.Equal(CoroutineState.Killed, killed.State);
        Assert.Equal(1u, (await line.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void A_deadline_ends_the_wait_and_the_next_wait_gets_the_next_edge() => IoLoop.RunVirtually(async () =>
    {
        using LineDouble line = new();
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await line.Input.WaitForEdgeAsync()));
        line.Edges(1);
        Assert.Equal(1u, (await line.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void When_the_chip_goes_the_edges_before_it_are_given_then_an_error_that_names_the_line() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edges(2);
        line.HangUp();
        await line.Input.WaitForEdgeAsync();
        await line.Input.WaitForEdgeAsync();
        IOException error = await IoLoop.Throws<IOException>(async () => await line.Input.WaitForEdgeAsync());
        Assert.Contains("line 17 of /dev/gpiochip0", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_chip_that_goes_wakes_who_waits() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        Coroutine<GpioEdge> waiter = Coroutine.Spawn(() => line.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(waiter);
        line.HangUp();
        await IoLoop.Throws<IOException>(async () => await waiter);
    });

    [Fact]
    public void A_storm_of_edges_does_not_starve_the_others() => IoLoop.Run(async () =>
    {
        using LineDouble line = new();
        line.Edges(1000);
        int turns = 0;
        Coroutine other = Coroutine.Spawn(async () =>
        {
            for (; turns < 1_000_000; turns++)
                await Coroutine.Yield();
        });
        for (int i = 0; i < 1000; i++)
            await line.Input.WaitForEdgeAsync();
        Assert.InRange(turns, 1000 / 100, 999_999);
        await other.KillAsync();
    });

    [Fact]
    public void It_serves_a_second_run_after_the_first_has_ended()
    {
        using LineDouble line = new();
        line.Edges(2);
        IoLoop.Run(async () => Assert.Equal(1u, (await line.Input.WaitForEdgeAsync()).Sequence));
        IoLoop.Run(async () =>
        {
            Assert.Equal(2u, (await line.Input.WaitForEdgeAsync()).Sequence);
            line.Edges(1);
            Assert.Equal(3u, (await line.Input.WaitForEdgeAsync()).Sequence);
        });
    }

    [Fact]
    public void The_level_of_what_is_no_line_is_an_error_that_names_it()
    {
        using LineDouble line = new();
        IOException error = Assert.Throws<IOException>(() => line.Input.Read());
        Assert.StartsWith("read line 17 of /dev/gpiochip0: ", error.Message, StringComparison.Ordinal);
    }
}
