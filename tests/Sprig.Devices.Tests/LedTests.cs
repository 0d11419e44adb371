using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class LedTests
{
    [Fact]
    public void It_is_turned_on_off_and_over() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        Assert.Equal(17, led.Line);
        Assert.False(led.IsLit);
        led.On();
        Assert.True(led.IsLit && run.Board[17]);
        await Coroutine.Sleep(Seconds(1));
        led.Off();
        Assert.False(led.IsLit);
        await Coroutine.Sleep(Seconds(1));
        led.Toggle();
        Assert.True(led.IsLit);
        await Coroutine.Sleep(Seconds(1));
        led.Toggle();
        led.IsLit = true;
        led.Dispose();
        Assert.Equal([0, 1, 2, 3, 3, 3], run.ChangesOf(17));
        Assert.False(run.Board[17]);
    });

    [Fact]
    public void It_takes_over_an_output_as_it_is_and_gives_it_back() => Run(run =>
    {
        GpioOutput output = run.Board.OpenOutput(3, new GpioOutputOptions { InitialLevel = true });
        Led led = new(output);
        Assert.True(led.IsLit);
        led.Dispose();
        led.Dispose();
        Assert.True(output.IsDisposed);
        Assert.False(run.Board[3]);
        Assert.Throws<ObjectDisposedException>(led.On);
        Assert.Throws<ObjectDisposedException>(() => led.Blink());
        Assert.Throws<ObjectDisposedException>(() => { _ = led.PulseAsync(Seconds(1)); });
        Assert.Throws<ObjectDisposedException>(() => { _ = led.FollowAsync(Never<bool>()); });
        Assert.Throws<ObjectDisposedException>(() => new Led(output));
        return Task.CompletedTask;
    });

    [Fact]
    public void Active_low_it_is_on_when_its_line_is_low() => Run(run =>
    {
        using Led led = new(run.Board, 4, activeLow: true);
        Assert.True(run.Board[4]);
        led.On();
        Assert.False(run.Board[4]);
        led.Dispose();
        Assert.True(run.Board[4]);
        return Task.CompletedTask;
    });

    [Fact]
    public void It_blinks_by_absolute_times() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        Coroutine blink = led.Blink(Seconds(0.1), Seconds(0.4), count: 3);
        Assert.Equal("blink of the LED on line 17", blink.Name);
        Assert.Equal(DaemonRule.UntilWorkEnds, blink.Daemon);
        await blink;
        Assert.Equal(Seconds(1.5), run.Clock.Elapsed);
        Assert.Equal([0, 0.1, 0.5, 0.6, 1.0, 1.1], run.ChangesOf(17));
        Assert.Equal(CoroutineState.Completed, blink.State);
    });

    [Fact]
    public void A_loop_that_was_late_does_not_shift_a_blink() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        _ = led.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(0.5));
        run.Clock.Advance(Seconds(0.7));        // late by 0.2 s
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal([0, 1.2, 2], run.ChangesOf(17));
        run.Clock.Advance(Seconds(10));         // whole phases are missed: the blink goes on from there
        await Coroutine.Sleep(Seconds(1.5));
        Assert.Equal([0, 1.2, 2, 12.2, 13.2], run.ChangesOf(17));
    });

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    [InlineData("toggle", false)]
    [InlineData("dispose", false)]
    [InlineData("blink", true)]
    public void A_write_ends_a_blink(string write, bool level) => Run(async run =>
    {
        Led led = new(run.Board, 17);
        Coroutine blink = led.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(2.5));
        Assert.True(led.IsLit);
        Do(led, write);
        await blink;                            // a write is no kill: who waits for the blink goes on
        Assert.Equal(Seconds(2.5), run.Clock.Elapsed);
        Assert.Equal(CoroutineState.Completed, blink.State);
        await Coroutine.Sleep(Seconds(10));
        Assert.Equal(level, run.Board[17]);
        Assert.Equal(write is "blink" ? 1 : 0, CoroutineScheduler.Current.Coroutines.Count(one => one.Name.Contains("LED", StringComparison.Ordinal)));
        led.Dispose();
    });

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    [InlineData("dispose")]
    public void A_write_ends_a_blink_before_its_first_step(string write) => Run(async run =>
    {
        Led led = new(run.Board, 17);
        Coroutine blink = led.Blink();
        Do(led, write);
        await blink;
        await Coroutine.Sleep(Seconds(5));
        Assert.Equal(write == "on", run.Board[17]);
        Assert.Equal(write == "on" ? 1 : 0, run.Board.ChangesOf(17).Count());
        led.Dispose();
    });

    [Fact]
    public void A_write_in_the_very_tick_of_a_change_wins() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        // Its timer is set before that of the blink, so it runs first, when the blink's sleep is over already.
        Coroutine writer = Coroutine.Spawn(async () =>
        {
            await Coroutine.Sleep(Seconds(1));
            led.On();
        });
        await Coroutine.Yield();
        Coroutine blink = led.Blink(Seconds(1), Seconds(1));
        await writer;
        await blink;
        await Coroutine.Sleep(Seconds(5));
        Assert.Equal([0], run.ChangesOf(17));
    });

    [Fact]
    public void Killed_in_mid_blink_it_is_off() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        Coroutine blink = led.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(0.5));
        await blink.KillAsync();
        Assert.Equal(CoroutineState.Killed, blink.State);
        Assert.Equal([0, 0.5], run.ChangesOf(17));
    });

    [Fact]
    public void Killed_before_its_first_step_it_is_off_too() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        led.On();
        Coroutine blink = led.Blink();
        await Coroutine.Sleep(Seconds(0.5));
        Coroutine second = led.Blink();
        second.Kill();
        await Coroutine.Sleep(Seconds(5));
        Assert.False(run.Board[17]);
        Assert.Equal((CoroutineState.Completed, CoroutineState.Killed), (blink.State, second.State));
    });

    [Fact]
    public void The_run_that_ends_in_mid_blink_leaves_it_off()
    {
        DeviceRun? seen = null;
        DeviceRun.Run(async run =>
        {
            seen = run;
            Led led = new(run.Board, 17);
            _ = led.Blink(Seconds(1), Seconds(1));
            await Coroutine.Sleep(Seconds(2.5));
            Assert.True(run.Board[17]);
        });
        Assert.False(seen!.Board[17]);
    }

    [Fact]
    public void The_safe_level_is_what_a_killed_blink_leaves() => Run(async run =>
    {
        using Led led = new(run.Board.OpenOutput(17, new GpioOutputOptions { SafeLevel = true }));
        Coroutine blink = led.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(1.5));
        await blink.KillAsync();
        Assert.True(led.IsLit);
    });

    [Fact]
    public void A_pulse_is_on_for_its_length() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        await Coroutine.Sleep(Seconds(1));
        await led.PulseAsync(Seconds(0.25));
        Assert.Equal(Seconds(1.25), run.Clock.Elapsed);
        Assert.Equal([1, 1.25], run.ChangesOf(17));
    });

    [Fact]
    public void A_pulse_ends_with_the_one_that_waits_for_it() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        Coroutine waiter = Coroutine.Spawn(() => led.PulseAsync(Seconds(10)));
        await Coroutine.Sleep(Seconds(1));
        await waiter.KillAsync();
        Assert.Equal([0, 1], run.ChangesOf(17));
        Assert.False(await Deadline.TryRunAsync(Seconds(1), () => led.PulseAsync(Seconds(10))));
        Assert.Equal([0, 1, 1, 2], run.ChangesOf(17));
        await Coroutine.Yield();
        Assert.Equal(1, CoroutineScheduler.Current.ActiveCount);
    });

    [Fact]
    public void Two_pulses_side_by_side_in_one_coroutine_do_not_mix() => Run(async run =>
    {
        using Led one = new(run.Board, 1), two = new(run.Board, 2);
        Task both = Task.WhenAll(one.PulseAsync(Seconds(3)), two.PulseAsync(Seconds(3)));
        await Coroutine.Sleep(Seconds(1));
        one.Off();
        await both;
        Assert.Equal([0, 1], run.ChangesOf(1));
        Assert.Equal([0, 3], run.ChangesOf(2));
    });

    [Fact]
    public void It_follows_values_until_there_are_no_more() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        await led.FollowAsync(Every(Seconds(1), true, false, true));
        Assert.Equal([1, 2, 3], run.ChangesOf(17));
        Assert.True(led.IsLit);
    });

    [Fact]
    public void A_write_ends_a_follow_at_once_and_its_source_too() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        bool left = false;
        Coroutine follow = Coroutine.Spawn(() => led.FollowAsync(Source()));
        await Coroutine.Sleep(Seconds(1.5));
        led.Off();
        await follow;
        Assert.True(left);
        Assert.Equal(Seconds(1.5), run.Clock.Elapsed);
        Assert.Equal([1, 1.5], run.ChangesOf(17));

        async IAsyncEnumerable<bool> Source()
        {
            try
            {
                await Coroutine.Sleep(Seconds(1));
                yield return true;
                await Coroutine.Sleep(Seconds(100));
                yield return true;
            }
            finally
            {
                left = true;
            }
        }
    });

    [Fact]
    public void A_source_that_fails_leaves_it_off_and_is_the_followers_error() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => led.FollowAsync(Source()));
        Assert.Equal("bad sensor", error.Message);
        Assert.Equal([0, 1], run.ChangesOf(17));

        static async IAsyncEnumerable<bool> Source()
        {
            yield return true;
            await Coroutine.Sleep(Seconds(1));
            throw new InvalidDataException("bad sensor");
        }
    });

    [Fact]
    public void Foreign_operators_stand_between() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        AsyncQueue<int> readings = new();
        foreach (int reading in (int[])[5, 50, 6])
            readings.PutNoWait(reading);
        readings.Shutdown();
        await led.FollowAsync(readings.Select(reading => reading > 20));
        Assert.Equal([0, 0], run.ChangesOf(17));
    });

    [Fact]
    public void Bad_input_changes_nothing() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        _ = led.Blink(Seconds(1), Seconds(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => led.Blink(on: Seconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => led.Blink(off: Timeout.InfiniteTimeSpan));
        Assert.Throws<ArgumentException>(() => led.Blink(TimeSpan.Zero, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => led.Blink(count: 0));
        Assert.Throws<ArgumentException>(() => { _ = led.PulseAsync(TimeSpan.Zero); });
        Assert.Throws<ArgumentNullException>(() => { _ = led.FollowAsync(null!); });
        Assert.Throws<ArgumentNullException>(() => new Led((GpioOutput)null!));
        Assert.Throws<ArgumentNullException>(() => new Led(null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Led(run.Board, 99));
        Assert.Throws<IOException>(() => new Led(run.Board, 17));
        await Coroutine.Sleep(Seconds(1.5));
        Assert.Equal([0, 1], run.ChangesOf(17));
    });

    private static void Do(Led led, string write)
    {
        switch (write)
        {
            case "on":
                led.On();
                break;
            case "off":
                led.Off();
                break;
            case "toggle":
                led.Toggle();
                break;
            case "dispose":
                led.Dispose();
                break;
            default:
                _ = led.Blink(Seconds(100), Seconds(1));
                break;
        }
    }

    private static async IAsyncEnumerable<T> Every<T>(TimeSpan period, params T[] values)
    {
        foreach (T value in values)
        {
            await Coroutine.Sleep(period);
            yield return value;
        }
    }

    private static async IAsyncEnumerable<T> Never<T>()
    {
        await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
        yield break;
    }
}
