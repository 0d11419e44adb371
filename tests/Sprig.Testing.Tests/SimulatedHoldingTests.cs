using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

/// <summary>Who holds a line, who watches it, and a chip that is unplugged.</summary>
public class SimulatedHoldingTests
{
    [Fact]
    public void A_line_that_a_bus_has_is_reserved_and_one_that_a_program_has_is_its()
    {
        SimulatedBoard board = new(name: "gpiochip0", label: "pinctrl-rp1");
        board.Reserve(2);
        board.Reserve(3, "gpiomon");
        IOException error = Assert.Throws<IOException>(() => board.OpenLines([1, 2, 3]));
        Assert.Equal(
            "line 2 of gpiochip0 is reserved by the kernel (a bus, or another function of its pin); line 3 of gpiochip0 is held by 'gpiomon'; "
                + "end that program (if it is this one: give the line back first), or choose another line.",
            error.Message);
        Assert.Equal(16, error.HResult);
        Assert.Equal((true, false), (board.GetLineInfo(2).IsReserved, board.GetLineInfo(3).IsReserved));
        Assert.Equal(2, board.HeldLines);
        Assert.Throws<IOException>(() => board.Reserve(2));
        board.Free(2);
        board.Free(3);
        board.OpenLines([1, 2, 3]).Dispose();
        Assert.Throws<InvalidOperationException>(() => board.Free(2));
    }

    [Fact]
    public void A_watch_tells_who_takes_sets_and_gives_back_a_line() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        List<string> seen = [];
        Coroutine watch = Coroutine.Spawn(async () =>
        {
            await foreach (GpioLineChange change in board.WatchAsync(4, 5, 4))
                seen.Add($"{(change.Timestamp - clock.Now + clock.Elapsed).TotalSeconds} {change.Kind} {change.Info.Line} '{change.Info.Consumer}' {change.Info.IsOutput}");
        });
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        GpioLineGroup group = board.OpenLines([4, 6], options: new GpioRequestOptions { Consumer = "me" });
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        group.Configure(4, new GpioLineSettings { Direction = GpioDirection.Output });
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        group.Dispose();
        board.Reserve(5, "other");
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        await watch.KillAsync();
        board.Free(5);
        Assert.Equal(
            ["1 Requested 4 'me' False", "2 Reconfigured 4 'me' True", "3 Released 4 '' False", "3 Requested 5 'other' False"],
            seen);
    });

    [Fact]
    public void A_watch_of_no_line_in_particular_is_one_of_all() => SimulatedBoardTests.Run(async (board, _) =>
    {
        await using IAsyncEnumerator<GpioLineChange> watch = board.WatchAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> next = watch.MoveNextAsync();
        board.Reserve(27, "other");
        Assert.True(await next);
        Assert.Equal(27, watch.Current.Info.Line);
    });

    [Fact]
    public void A_chip_that_is_unplugged_wakes_every_waiter_with_an_error_that_names_its_line() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4), one = board.OpenInput(5), two = board.OpenInput(6);
        using GpioOutput output = board.OpenOutput(7);
        Coroutine<GpioEdge> edge = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        Coroutine any = Coroutine.Spawn(async () => await GpioInput.WaitForAnyAsync([one, two]));
        Coroutine watch = Coroutine.Spawn(async () =>
        {
            await foreach (GpioLineChange change in board.WatchAsync())
                Assert.Fail($"{change}");
        });
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        board.Remove();
        await Coroutine.JoinAll([edge, any, watch], raiseError: false);
        Assert.Contains("line 4 of the simulated board", Assert.IsType<IOException>(edge.Exception).Message, StringComparison.Ordinal);
        Assert.Contains("the device is gone", Assert.IsType<IOException>(any.Exception).Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(watch.Exception);
        Assert.Throws<IOException>(() => input.Read());
        Assert.Throws<IOException>(() => output.Write(true));
        Assert.Throws<IOException>(() => board.OpenInput(9));
        Assert.Throws<IOException>(() => board.GetLineInfo(9));
        Assert.True(board.IsRemoved);
        output.Dispose();
        input.Dispose();
        one.Dispose();
        two.Dispose();
        Assert.Equal(0, board.HeldLines);
    });

    [Fact]
    public void Edges_from_before_it_was_unplugged_are_still_given() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput input = board.OpenInput(4);
        board.Drive(4, true);
        board.Remove();
        Assert.Equal(1u, (await input.WaitForEdgeAsync()).Sequence);
        Coroutine<GpioEdge> late = Coroutine.Spawn(() => input.WaitForEdgeAsync());
        await late.JoinAsync();
        Assert.IsType<IOException>(late.Exception);
    });

    [Fact]
    public void A_board_may_look_like_any_other()
    {
        SimulatedBoard board = new(54, name: "gpiochip4", label: "pinctrl-rp1");
        Assert.Equal(("gpiochip4", "pinctrl-rp1", 54, "gpiochip4"), (board.Name, board.Label, board.LineCount, board.ToString()));
    }
}
