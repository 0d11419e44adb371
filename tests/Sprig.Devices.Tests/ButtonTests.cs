using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class ButtonTests
{
    /// <summary>Without debouncing, so that times are those of the drive.</summary>
    private static readonly ButtonOptions s_options = new() { Debounce = TimeSpan.Zero };

    [Fact]
    public void It_waits_for_a_press_and_a_release() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        Assert.Equal((22, false, true), (button.Line, button.IsPressed, run.Board[22]));
        _ = run.Drive(22, false, 1, 3);
        await button.WaitForReleaseAsync();
        Assert.Equal(TimeSpan.Zero, run.Clock.Elapsed);
        await button.WaitForPressAsync();
        Assert.Equal((Seconds(1), true), (run.Clock.Elapsed, button.IsPressed));
        await button.WaitForPressAsync();
        await button.WaitForReleaseAsync();
        Assert.Equal((Seconds(3), false), (run.Clock.Elapsed, button.IsPressed));
    });

    [Fact]
    public void Pulled_down_it_is_pressed_when_high() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options with { PullUp = false });
        Assert.False(run.Board[22]);
        _ = run.Drive(22, true, 1);
        await button.WaitForPressAsync();
        Assert.True(run.Board[22]);
    });

    [Fact]
    public void A_wait_for_a_press_ends_by_a_deadline_a_kill_and_a_token() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        Assert.False(await Deadline.TryRunAsync(Seconds(1), () => button.WaitForPressAsync().AsTask()));
        Coroutine waiter = Coroutine.Spawn(() => button.WaitForPressAsync());
        await Coroutine.Sleep(Seconds(1));
        await waiter.KillAsync();
        Assert.Equal(CoroutineState.Killed, waiter.State);
        using CancellationTokenSource source = new();
        waiter = Coroutine.Spawn(() => button.WaitForPressAsync(source.Token));
        await Coroutine.Sleep(Seconds(1));
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiter);
        Assert.Equal(0, button.Pressed.ListenerCount);
        _ = run.Drive(22, false, 4);
        await button.WaitForPressAsync();
        Assert.Equal(Seconds(4), run.Clock.Elapsed);
    });

    [Fact]
    public void A_waiter_killed_after_the_press_and_before_it_runs_takes_it_from_nobody() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        Coroutine victim = Coroutine.Spawn(() => button.Pressed.NextAsync());
        Coroutine<ButtonEvent> other = Coroutine.Spawn(() => button.Pressed.NextAsync());
        using IDisposable handler = button.Pressed.Subscribe(_ => victim.Kill());
        _ = run.Drive(22, false, 1);
        Assert.Equal(Seconds(1), (await other).Timestamp - (run.Clock.Now - run.Clock.Elapsed));
        await victim.JoinAsync();
        Assert.Equal(CoroutineState.Killed, victim.State);
    });

    [Fact]
    public void A_press_and_release_in_one_breath_are_both_seen() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        Coroutine press = Coroutine.Spawn(() => button.WaitForPressAsync());
        Coroutine release = Coroutine.Spawn(() => button.Released.NextAsync());
        await Coroutine.Sleep(Seconds(1));
        run.Board.Drive(22, false);
        run.Board.Drive(22, true);
        await press;
        await release;
        Assert.Equal(Seconds(1), run.Clock.Elapsed);
    });

    [Fact]
    public void Streams_lose_nothing_between_two_turns_and_each_gets_all() => Run(async run =>
    {
        Button button = new(run.Board, 22, s_options);
        Coroutine fast = Coroutine.Spawn(async () =>
        {
            await foreach (ButtonEvent _ in button.Pressed)
                run.At("fast");
            run.At("fast ended");
        });
        Coroutine slow = Coroutine.Spawn(async () =>
        {
            await foreach (ButtonEvent press in button.Pressed)
            {
                run.At($"slow saw {(press.Timestamp - run.Clock.Now + run.Clock.Elapsed).TotalSeconds}");
                await Coroutine.Sleep(Seconds(1));
            }
        });
        await run.Drive(22, false, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
        Assert.Equal(2, button.Pressed.ListenerCount);
        await Coroutine.Sleep(Seconds(3));
        button.Dispose();
        await fast;
        await slow;
        run.Expect(
            "0.1 fast", "0.1 slow saw 0.1", "0.3 fast", "0.5 fast", "1.1 slow saw 0.3", "2.1 slow saw 0.5", "3.6 fast ended");
    });

    [Fact]
    public void It_is_held_once_and_then_repeats() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options with { HoldTime = Seconds(0.5), RepeatTime = Seconds(0.25) });
        using IDisposable held = button.Held.Subscribe(one => run.At($"held {one.HeldFor.TotalSeconds}"));
        using IDisposable repeat = button.HeldRepeat.Subscribe(one => run.At($"repeat {one.HeldFor.TotalSeconds}"));
        using IDisposable released = button.Released.Subscribe(one => run.At($"released {one.HeldFor.TotalSeconds}"));
        using IDisposable clicked = button.Clicked.Subscribe(_ => run.At("clicked"));
        await run.Drive(22, false, 1, 2.1, 3, 3.4);
        await Coroutine.Sleep(Seconds(2));
        run.Expect(
            "1.5 held 0.5", "1.75 repeat 0.75", "2 repeat 1", "2.1 released 1.1", "3.4 released 0.4", "3.7 clicked");
    });

    [Fact]
    public void Who_begins_to_listen_while_it_is_held_hears_the_repeats_from_then_on() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options with { HoldTime = Seconds(0.5), RepeatTime = Seconds(0.25) });
        Coroutine drive = run.Drive(22, false, 1, 3);
        await Coroutine.Sleep(Seconds(2.1));
        Coroutine listener = Coroutine.Spawn(async () =>
        {
            await foreach (ButtonEvent one in button.HeldRepeat)
                run.At($"repeat {one.HeldFor.TotalSeconds}");
        }, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        await drive;
        await Coroutine.Sleep(Seconds(1));
        run.Expect("2.25 repeat 1.25", "2.5 repeat 1.5", "2.75 repeat 1.75", "3 repeat 2");
        await listener.KillAsync();
    });

    [Fact]
    public void A_button_that_is_held_wakes_nobody_who_does_not_listen() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        run.Board.Drive(22, false);
        await Coroutine.Sleep(Seconds(10));
        Coroutine decoder = CoroutineScheduler.Current.Coroutines.Single(one => one.Name == "the button on line 22");
        // Not since its last repeat: since the hold time was over.
        Assert.Equal(Seconds(9), run.Clock.Now - decoder.BlockedSince!.Value);
    });

    [Fact]
    public void Clicks_and_double_clicks_are_told_apart() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        using IDisposable clicked = button.Clicked.Subscribe(one => run.At($"click of {(one.Timestamp - run.Clock.Now + run.Clock.Elapsed).TotalSeconds}"));
        using IDisposable twice = button.DoubleClicked.Subscribe(_ => run.At("double"));
        using IDisposable held = button.Held.Subscribe(_ => run.At("held"));
        // One; two; three; a click and then a hold.
        await run.Drive(22, false, 1, 1.1, 2, 2.1, 2.3, 2.4, 4, 4.1, 4.2, 4.3, 4.4, 4.5, 6, 6.1, 6.2, 8);
        await Coroutine.Sleep(Seconds(2));
        run.Expect("1.4 click of 1.1", "2.4 double", "4.3 double", "4.8 click of 4.5", "7.2 click of 6.1", "7.2 held");
    });

    [Fact]
    public void Without_a_double_click_time_a_click_is_told_at_once() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options with { DoubleClickTime = TimeSpan.Zero });
        using IDisposable clicked = button.Clicked.Subscribe(_ => run.At("click"));
        using IDisposable twice = button.DoubleClicked.Subscribe(_ => run.At("double"));
        await run.Drive(22, false, 1, 1.1, 1.2, 1.3);
        await Coroutine.Sleep(Seconds(2));
        run.Expect("1.1 click", "1.3 click");
    });

    [Fact]
    public void A_loop_that_was_late_still_tells_a_click_from_a_hold() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        using IDisposable held = button.Held.Subscribe(_ => run.At("held"));
        using IDisposable clicked = button.Clicked.Subscribe(_ => run.At("click"));
        using IDisposable released = button.Released.Subscribe(one => run.At($"released {one.HeldFor.TotalSeconds}"));
        await Coroutine.Sleep(Seconds(1));
        // All in one step of this coroutine: the loop sees none of it before its end.
        run.Board.Drive(22, false);
        run.Clock.Advance(Seconds(0.2));
        run.Board.Drive(22, true);
        run.Clock.Advance(Seconds(5));
        await Coroutine.Sleep(Seconds(1));
        run.Expect("6.2 released 0.2", "6.2 click");
        run.Board.Drive(22, false);
        run.Clock.Advance(Seconds(1.5));
        run.Board.Drive(22, true);
        await Coroutine.Sleep(Seconds(1));
        run.Expect("8.7 held", "8.7 released 1.5");
    });

    [Fact]
    public void A_loop_that_was_late_in_mid_press_still_tells_a_click_from_a_hold() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        using IDisposable held = button.Held.Subscribe(_ => run.At("held"));
        using IDisposable clicked = button.Clicked.Subscribe(_ => run.At("click"));
        using IDisposable twice = button.DoubleClicked.Subscribe(_ => run.At("double"));
        using IDisposable released = button.Released.Subscribe(one => run.At($"released {one.HeldFor.TotalSeconds}"));
        run.Board.Drive(22, false);
        await Coroutine.Sleep(Seconds(0.1));
        // The press has been read, and the end of the hold time is waited for.
        run.Board.Drive(22, true);
        run.Clock.Advance(Seconds(5));
        await Coroutine.Sleep(Seconds(1));
        run.Expect("5.1 released 0.1", "5.1 click");
        // The same with the second press of a double click.
        await run.Drive(22, false, 7, 7.1);
        run.Board.Drive(22, false);
        run.Clock.Advance(Seconds(0.1));
        run.Board.Drive(22, true);
        run.Clock.Advance(Seconds(5));
        await Coroutine.Sleep(Seconds(1));
        run.Expect("7.1 released 0.1", "12.2 released 0.1", "12.2 double");
    });

    [Fact]
    public void Times_that_are_no_multiple_of_100_ns_come_too() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options with { HoldTime = Seconds(0.5) });
        using IDisposable held = button.Held.Subscribe(_ => run.At("held"));
        MonotonicTime start = run.Clock.Now;
        await Coroutine.SleepUntil(new MonotonicTime(start.Nanoseconds + 1_000_000_033));
        run.Board.Drive(22, false);
        await Coroutine.SleepUntil(new MonotonicTime(start.Nanoseconds + 1_200_000_066));
        // Begins its wait anew.
        using IDisposable repeat = button.HeldRepeat.Subscribe(_ => { });
        await Coroutine.Sleep(Seconds(0.35));
        run.Expect("1.5 held");
    });

    [Fact]
    public void A_button_that_is_down_already_is_pressed_without_a_press() => Run(async run =>
    {
        run.Board.Drive(22, false);
        using Button button = new(run.Board, 22, s_options);
        Assert.True(button.IsPressed);
        using IDisposable pressed = button.Pressed.Subscribe(_ => run.At("pressed"));
        using IDisposable held = button.Held.Subscribe(_ => run.At("held"));
        await button.WaitForPressAsync();
        await run.Drive(22, true, 2);
        await button.WaitForReleaseAsync();
        run.Expect("1 held");
    });

    [Fact]
    public void Its_values_begin_with_the_present_one() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        using Led led = new(run.Board, 17), other = new(run.Board, 18);
        other.On();
        Coroutine follow = Coroutine.Spawn(() => led.FollowAsync(button.Values()));
        Coroutine negated = Coroutine.Spawn(() => other.FollowAsync(button.Values().Select(pressed => !pressed)));
        await run.Drive(22, false, 1, 2, 3);
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal([1, 2, 3], run.ChangesOf(17));
        Assert.Equal([0, 1, 2, 3], run.ChangesOf(18));
        button.Dispose();
        await follow;
        await negated;
        Assert.True(led.IsLit);
    });

    [Fact]
    public void Dispose_ends_streams_and_wakes_waiters() => Run(async run =>
    {
        Button button = new(run.Board, 22, s_options);
        Coroutine waiter = Coroutine.Spawn(() => button.WaitForPressAsync());
        Coroutine stream = Coroutine.Spawn(async () =>
        {
            await foreach (ButtonEvent _ in button.Clicked)
            {
            }
        });
        await Coroutine.Sleep(Seconds(1));
        button.Dispose();
        button.Dispose();
        Assert.Equal(0, run.Board.HeldLines);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiter);
        await stream;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await button.WaitForReleaseAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await button.Pressed.NextAsync());
        Assert.Throws<ObjectDisposedException>(() => button.Held.Subscribe(_ => { }));
        Assert.Throws<ObjectDisposedException>(() => button.Held.GetAsyncEnumerator());
    });

    [Fact]
    public void It_is_a_daemon_that_holds_no_run_up()
    {
        DeviceRun.Run(async run =>
        {
            Button button = new(run.Board, 22, s_options);
            await Coroutine.Sleep(Seconds(1));
            Assert.False(button.IsPressed);
        });
    }

    [Fact]
    public void Bad_input_is_told_and_holds_no_line() => Run(run =>
    {
        foreach (ButtonOptions bad in (ButtonOptions[])
            [
                new() { HoldTime = TimeSpan.Zero }, new() { RepeatTime = TimeSpan.Zero },
                new() { DoubleClickTime = Seconds(-1) }, new() { Debounce = Seconds(-1) },
            ])
        {
            Assert.ThrowsAny<ArgumentException>(() => new Button(run.Board, 22, bad));
        }

        Assert.Throws<ArgumentNullException>(() => new Button(null!, 22));
        Assert.Throws<ArgumentNullException>(() => new Button((GpioInput)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Button(run.Board, 28, s_options));
        using GpioInput input = run.Board.OpenInput(22);
        Assert.Throws<IOException>(() => new Button(run.Board, 22, s_options));
        Assert.ThrowsAny<ArgumentException>(() => new Button(input, new ButtonOptions { HoldTime = TimeSpan.Zero }));
        Assert.False(input.IsDisposed);
        return Task.CompletedTask;
    });

    [Fact]
    public void Outside_of_a_run_it_takes_no_line()
    {
        using Sprig.Testing.SimulatedBoard board = new();
        Assert.Throws<InvalidOperationException>(() => new Button(board, 22, s_options));
        Assert.Equal(0, board.HeldLines);
    }
}
