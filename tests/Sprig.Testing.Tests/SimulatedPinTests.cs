using Sprig.IO;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class SimulatedPinTests
{
    [Fact]
    public void What_a_pin_did_is_known_to_the_tick() => SimulatedBoardTests.Run(async (board, _) =>
    {
        await BlinkAsync(board);
        board.Pin(17).ShouldHaveToggledAt(Seconds(1), Seconds(1.5), Seconds(2.5), Seconds(3));
        board.Pin(17).ShouldHaveBeenHighFor(Seconds(0.5), Seconds(0.5));
        board.Pin(17).ShouldHaveBeenLowFor(Seconds(1));
        board.Pin(4).ShouldHaveToggledAt();
        board.Pin(4).ShouldHaveBeenHighFor();
    });

    [Fact]
    public void What_it_did_not_do_is_told_with_what_it_did() => SimulatedBoardTests.Run(async (board, _) =>
    {
        await BlinkAsync(board);
        SimulatedPin pin = board.Pin(17);
        Assert.Equal(
            "Pin 17 (GPIO17) should have toggled at 1 s, 1.5000001 s; it went high at 1 s, low at 1.5 s, high at 2.5 s, low at 3 s. It is low now.",
            Assert.Throws<PinAssertionException>(() => pin.ShouldHaveToggledAt(Seconds(1), Seconds(1.5) + TimeSpan.FromTicks(1))).Message);
        Assert.StartsWith(
            "Pin 17 (GPIO17) should have been high for 0.5 s; it went",
            Assert.Throws<PinAssertionException>(() => pin.ShouldHaveBeenHighFor(Seconds(0.5))).Message,
            StringComparison.Ordinal);
        Assert.Throws<PinAssertionException>(() => pin.ShouldHaveBeenLowFor());
        Assert.Equal(
            "Pin 4 (GPIO4) should have toggled at 2 s; it has never changed. It is low now.",
            Assert.Throws<PinAssertionException>(() => board.Pin(4).ShouldHaveToggledAt(Seconds(2))).Message);
    });

    [Fact]
    public void A_history_that_was_forgotten_in_part_proves_nothing()
    {
        SimulatedBoard board = new(keepChanges: 1);
        board.Drive(4, true);
        board.Pin(4).ShouldHaveBeenHighFor();
        board.Drive(4, false);
        Assert.Contains("keepChanges", Assert.Throws<PinAssertionException>(() => board.Pin(4).ShouldHaveBeenHighFor()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_count_from_the_start_of_the_clock_also_on_a_board_made_before_the_run()
    {
        SimulatedBoard board = new();
        TestClock clock = new();
        clock.Advance(Seconds(5));
        CoroutineScheduler.Run(async () =>
        {
            await Coroutine.Sleep(Seconds(1));
            board.Drive(4, true);
            board.Start = clock.Now;
            await Coroutine.Sleep(Seconds(2));
            board.Drive(5, true);
        }, new SchedulerOptions { Clock = clock });
        board.Pin(5).ShouldHaveToggledAt(Seconds(2));
        board.Start -= Seconds(6);
        board.Pin(4).ShouldHaveToggledAt(Seconds(6));
    }

    [Fact]
    public void A_contact_that_bounces_touches_so_often_and_rests() => SimulatedBoardTests.Run(async (board, clock) =>
    {
        SimulatedPin pin = board.Pin(4);
        pin.Pull(GpioBias.PullUp);
        Bounce bounce = new(3, TimeSpan.FromMilliseconds(2), Seed: 5);
        pin.Press(bounce: bounce);
        Assert.False(pin.Level);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal([true, false, true, false, true, false, true, false], pin.Changes.Select(change => change.Level));
        Assert.InRange(clock.Elapsed, Seconds(1), Seconds(1));
        TimeSpan[] gaps = [.. pin.Changes.Skip(1).Zip(pin.Changes.Skip(2)).Select(pair => pair.Second.Time - pair.First.Time)];
        Assert.All(gaps, gap => Assert.InRange(gap, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)));
        pin.Release(bounce);
        await Coroutine.Sleep(Seconds(1));
        Assert.True(pin.Level);
        Assert.Equal(15, pin.Changes.Count);
    });

    [Fact]
    public void The_same_seed_is_the_same_bouncing()
    {
        Bounce one = new(4, TimeSpan.FromMilliseconds(1), 42);
        Assert.Equal(one.Schedule(), (one with { }).Schedule());
        Assert.NotEqual(one.Schedule(), (one with { Seed = 43 }).Schedule());
        Assert.Equal(8, one.Schedule().Count);
    }

    [Fact]
    public void A_release_in_the_midst_of_bouncing_ends_it() => SimulatedBoardTests.Run(async (board, _) =>
    {
        SimulatedPin pin = board.Pin(4);
        pin.Pull(GpioBias.PullUp);
        pin.Press(bounce: new Bounce(50, TimeSpan.FromMilliseconds(2)));
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(21));
        pin.Release();
        int changes = pin.Changes.Count;
        await Coroutine.Sleep(Seconds(1));
        Assert.True(pin.Level);
        Assert.Equal(changes, pin.Changes.Count);
    });

    [Fact]
    public void A_contact_may_lead_to_the_supply() => SimulatedBoardTests.Run(async (board, _) =>
    {
        using GpioInput button = board.OpenInput(4, new GpioInputOptions { Bias = GpioBias.PullDown });
        board.Pin(4).Press(to: true);
        Assert.True((await button.WaitForEdgeAsync()).IsRising);
        board.Pin(4).Release();
        Assert.False((await button.WaitForEdgeAsync()).IsRising);
    });

    private static async Task BlinkAsync(SimulatedBoard board)
    {
        using GpioOutput led = board.OpenOutput(17);
        foreach (double pause in (double[])[1, 0.5, 1, 0.5])
        {
            await Coroutine.Sleep(Seconds(pause));
            led.Toggle();
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
