using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO;

public class GpioWaitForAnyTests
{
    [Fact]
    public void The_oldest_edge_comes_first_and_the_others_stay() => IoLoop.Run(async () =>
    {
        using LineDouble late = new(1), early = new(2);
        late.Edge(rising: true, lineSequence: 5);
        early.Edge(rising: true, lineSequence: 3);
        early.Edge(rising: false, lineSequence: 9);
        List<(int, uint)> seen = [];
        for (int i = 0; i < 3; i++)
        {
            (GpioInput input, GpioEdge edge) = await GpioInput.WaitForAnyAsync([late.Input, early.Input]);
            seen.Add((input.Line, edge.Sequence));
        }

        Assert.Equal([(2, 3u), (1, 5u), (2, 9u)], seen);
    });

    [Fact]
    public void It_sleeps_until_one_has_an_edge() => IoLoop.Run(async () =>
    {
        using LineDouble one = new(1), two = new(2), three = new(3);
        for (uint i = 1; i <= 4; i++)
        {
            Coroutine<(GpioInput Input, GpioEdge Edge)> waiter = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync([one.Input, two.Input, three.Input]));
            await IoLoop.UntilBlocked(waiter);
            Assert.Equal(
                "an edge of any of line 1 of /dev/gpiochip0, line 2 of /dev/gpiochip0, line 3 of /dev/gpiochip0", waiter.BlockedOn);
            two.Edges(1);
            Assert.Same(two.Input, (await waiter).Input);
        }

        // Nothing is left hanging on the others.
        one.Edges(1);
        Assert.Equal(1u, (await one.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void Edges_of_the_other_kind_are_passed_over_on_all() => IoLoop.Run(async () =>
    {
        using LineDouble one = new(1), two = new(2);
        one.Edge(rising: false, lineSequence: 1);
        two.Edge(rising: false, lineSequence: 2);
        two.Edge(rising: true, lineSequence: 3);
        (GpioInput input, GpioEdge edge) = await GpioInput.WaitForAnyAsync([one.Input, two.Input], GpioEdges.Rising);
        Assert.Equal((2, 3u), (input.Line, edge.Sequence));
    });

    [Fact]
    public void A_deadline_a_token_and_a_kill_take_no_edge() => IoLoop.RunVirtually(async () =>
    {
        using LineDouble one = new(1), two = new(2);
        GpioInput[] inputs = [one.Input, two.Input];
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => await GpioInput.WaitForAnyAsync(inputs)));
        using CancellationTokenSource source = new();
        Coroutine<(GpioInput, GpioEdge)> cancelled = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync(inputs, cancellationToken: source.Token));
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        await source.CancelAsync();
        await IoLoop.Throws<OperationCanceledException>(async () => await cancelled);
        Coroutine<(GpioInput, GpioEdge)> killed = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync(inputs));
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        one.Edges(1);
        two.Edges(1);
        await killed.KillAsync();
        Coroutine<(GpioInput, GpioEdge)> late = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync(inputs));
        while (late.State != CoroutineState.Ready)
            await Coroutine.Yield();
        await late.KillAsync();
        Assert.Equal(1u, (await one.Input.WaitForEdgeAsync()).Sequence);
        Assert.Equal(1u, (await two.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void A_line_that_is_given_back_wakes_it_with_an_error_that_names_it() => IoLoop.Run(async () =>
    {
        using LineDouble one = new(1), two = new(2);
        Coroutine<(GpioInput, GpioEdge)> waiter = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync([one.Input, two.Input]));
        await IoLoop.UntilBlocked(waiter);
        two.Input.Dispose();
        ObjectDisposedException error = await IoLoop.Throws<ObjectDisposedException>(async () => await waiter);
        Assert.Equal("line 2 of /dev/gpiochip0", error.ObjectName);
        one.Edges(1);
        Assert.Equal(1u, (await one.Input.WaitForEdgeAsync()).Sequence);
    });

    [Fact]
    public void One_reader_at_a_time_holds_for_it_too() => IoLoop.Run(async () =>
    {
        using LineDouble one = new(1), two = new(2);
        Coroutine<(GpioInput, GpioEdge)> waiter = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync([one.Input, two.Input]));
        await IoLoop.UntilBlocked(waiter);
        await IoLoop.Throws<InvalidOperationException>(async () => await two.Input.WaitForEdgeAsync());
        await IoLoop.Throws<InvalidOperationException>(async () => await GpioInput.WaitForAnyAsync([two.Input]));
        one.Edges(1);
        await waiter;
        Coroutine<GpioEdge> single = Coroutine.Spawn(() => two.Input.WaitForEdgeAsync());
        await IoLoop.UntilBlocked(single);
        await IoLoop.Throws<InvalidOperationException>(async () => await GpioInput.WaitForAnyAsync([one.Input, two.Input]));
        two.Edges(1);
        Assert.Equal(1u, (await single).Sequence);
    });

    [Fact]
    public void At_least_one_input_and_each_once() => IoLoop.Run(async () =>
    {
        using LineDouble one = new(1);
        await IoLoop.Throws<ArgumentException>(async () => await GpioInput.WaitForAnyAsync([]));
        await IoLoop.Throws<ArgumentException>(async () => await GpioInput.WaitForAnyAsync([one.Input, one.Input]));
        await IoLoop.Throws<ArgumentNullException>(async () => await GpioInput.WaitForAnyAsync(null!));
        await IoLoop.Throws<ArgumentOutOfRangeException>(async () => await GpioInput.WaitForAnyAsync([one.Input], GpioEdges.None));
    });

    [Fact]
    public void A_storm_on_one_starves_neither_the_other_lines_nor_the_other_coroutines() => IoLoop.Run(async () =>
    {
        using LineDouble storm = new(1), calm = new(2);
        storm.Edges(1000);
        calm.Edge(rising: true, lineSequence: 1);
        int turns = 0;
        Coroutine other = Coroutine.Spawn(async () =>
        {
            for (; turns < 1_000_000; turns++)
                await Coroutine.Yield();
        });
        int calmAt = -1;
        for (int i = 0; i < 1001; i++)
        {
            if ((await GpioInput.WaitForAnyAsync([storm.Input, calm.Input])).Input == calm.Input)
                calmAt = i;
        }

        Assert.InRange(calmAt, 0, 2);
        Assert.InRange(turns, 1000 / 100, 999_999);
        await other.KillAsync();
    });

    [Fact]
    public void The_oldest_comes_first_also_where_the_loop_has_not_looked_since() => IoLoop.Run(async () =>
    {
        using LineDouble known = new(1), unknown = new(2);
        known.Edge(rising: true, lineSequence: 1);
        Assert.Same(known.Input, (await GpioInput.WaitForAnyAsync([known.Input, unknown.Input])).Input);
        unknown.Edge(rising: true, lineSequence: 2);
        known.Edge(rising: false, lineSequence: 3);
        Assert.Same(unknown.Input, (await GpioInput.WaitForAnyAsync([known.Input, unknown.Input])).Input);
    });

    [Fact]
    public void A_list_that_changes_meanwhile_changes_nothing() => IoLoop.Run(async () =>
    {
        using LineDouble one = new(1), two = new(2);
        List<GpioInput> inputs = [one.Input, two.Input];
        Coroutine<(GpioInput Input, GpioEdge Edge)> waiter = Coroutine.Spawn(() => GpioInput.WaitForAnyAsync(inputs));
        await IoLoop.UntilBlocked(waiter);
        inputs.Clear();
        two.Edges(1);
        Assert.Same(two.Input, (await waiter).Input);
        one.Edges(1);
        Assert.Equal(1u, (await one.Input.WaitForEdgeAsync()).Sequence);
        await IoLoop.Throws<ArgumentException>(async () => await GpioInput.WaitForAnyAsync([one.Input, null!]));
    });
}
