using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class PwmLedTests
{
    [Fact]
    public void Its_brightness_is_the_duty_cycle_and_its_end_is_dark() => Run(run =>
    {
        RecordingPwm pwm = new();
        PwmLed led = new(pwm);
        led.Brightness = 0.25;
        Assert.Equal((0.25, true), (led.Brightness, led.IsLit));
        led.On();
        led.Toggle();
        led.Toggle();
        led.Off();
        led.On();
        led.Dispose();
        led.Dispose();
        Assert.Equal(
            ["0 duty 0", "0 start", "0 duty 0.25", "0 duty 1", "0 duty 0", "0 duty 1", "0 duty 0", "0 duty 1", "0 duty 0", "0 stop"], pwm.Log);
        Assert.True(pwm.IsDisposed);
        Assert.Throws<ObjectDisposedException>(led.On);
        Assert.Throws<ObjectDisposedException>(() => led.Blink());
        Assert.Throws<ObjectDisposedException>(() => { _ = led.FadeAsync(1, Seconds(1)); });
        Assert.Throws<ObjectDisposedException>(() => { _ = led.PulseAsync(); });
        return Task.CompletedTask;
    });

    [Fact]
    public void It_fades_in_steps_of_20_ms_and_is_exactly_there_at_the_end() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        led.Brightness = 0.2;
        pwm.Take();
        await led.FadeAsync(1, Milliseconds(80));
        Assert.Equal(["0.02 duty 0.4", "0.04 duty 0.6", "0.06 duty 0.8", "0.08 duty 1"], pwm.Take());
        Assert.Equal(1, led.Brightness);
        await led.FadeAsync(0.5, TimeSpan.Zero);
        Assert.Equal(["0.08 duty 0.5"], pwm.Take());
        await led.FadeAsync(0, Milliseconds(5));
        Assert.Equal(["0.085 duty 0"], pwm.Take());
    });

    [Theory]
    [InlineData(0.45, 0, 740)]
    [InlineData(0.9, 0, 4360)]
    [InlineData(0.21, 1, 7480)]
    public void However_a_fade_rounds_it_stays_between_its_ends(double from, double to, double milliseconds) => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        led.Brightness = from;
        await led.FadeAsync(to, Milliseconds(milliseconds));
        Assert.Equal(to, led.Brightness);
    });

    [Fact]
    public void Its_end_throws_nothing_though_its_channel_was_closed_by_somebody_else() => Run(async run =>
    {
        RecordingPwm pwm = new();
        PwmLed led = new(pwm);
        Coroutine blink = led.Blink();
        await Coroutine.Sleep(Seconds(0.5));
        pwm.Dispose();
        led.Dispose();
        await blink;
    });

    [Fact]
    public void A_late_fade_goes_on_with_the_step_that_is_due() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        pwm.Take();
        Coroutine fade = Coroutine.Spawn(() => led.FadeAsync(1, Milliseconds(100)));
        await Coroutine.Sleep(Milliseconds(30));
        run.Clock.Advance(Milliseconds(35));
        await fade;
        Assert.Equal(["0.02 duty 0.2", "0.065 duty 0.6", "0.08 duty 0.8", "0.1 duty 1"], pwm.Take());
    });

    [Fact]
    public void It_blinks_with_fades() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        pwm.Take();
        await led.Blink(Milliseconds(100), Milliseconds(50), fadeIn: Milliseconds(40), fadeOut: Milliseconds(20), count: 2);
        Assert.Equal(
            ["0.02 duty 0.5", "0.04 duty 1", "0.16 duty 0", "0.23 duty 0.5", "0.25 duty 1", "0.37 duty 0"], pwm.Take());
        Assert.Equal(Milliseconds(420), run.Clock.Elapsed);
    });

    [Fact]
    public void It_pulses_so_often() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        await led.PulseAsync(Milliseconds(40), Milliseconds(40), count: 2);
        Assert.Equal(
            ["0 duty 0", "0 start", "0.02 duty 0.5", "0.04 duty 1", "0.06 duty 0.5", "0.08 duty 0", "0.1 duty 0.5", "0.12 duty 1", "0.14 duty 0.5", "0.16 duty 0"],
            pwm.Take());
    });

    [Fact]
    public void A_write_ends_a_pulse_without_end() => Run(async run =>
    {
        using PwmLed led = new(new RecordingPwm());
        Coroutine waiter = Coroutine.Spawn(() => led.PulseAsync());
        await Coroutine.Sleep(Seconds(0.51));
        Assert.Equal(0.5, led.Brightness);
        led.Brightness = 0.75;
        await waiter;
        await Coroutine.Sleep(Seconds(5));
        Assert.Equal(0.75, led.Brightness);
    });

    [Fact]
    public void Killed_in_mid_fade_it_is_dark() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        Coroutine fade = Coroutine.Spawn(() => led.FadeAsync(1, Seconds(1)));
        await Coroutine.Sleep(Seconds(0.5));
        await fade.KillAsync();
        Assert.Equal("0.5 duty 0", pwm.Log[^1]);
        Assert.False(await Deadline.TryRunAsync(Seconds(0.5), () => led.FadeAsync(1, Seconds(1))));
        Assert.False(led.IsLit);
    });

    [Fact]
    public void It_follows_values_and_one_out_of_range_is_an_error_that_leaves_it_dark() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using PwmLed led = new(pwm);
        await led.FollowAsync(Of(0.1, 0.9));
        Assert.Equal(0.9, led.Brightness);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => led.FollowAsync(Of(0.5, 1.5, 0.7)));
        Assert.Equal(0, led.Brightness);
    });

    [Fact]
    public void A_channel_that_fails_in_a_blink_is_told_and_the_next_write_throws() => Run(async run =>
    {
        RecordingPwm pwm = new();
        PwmLed led = new(pwm);
        Coroutine blink = led.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(0.5));
        pwm.Failure = new IOException("gone");
        Assert.Same(pwm.Failure, await Assert.ThrowsAsync<IOException>(async () => await blink));
        Assert.Equal(["blink of the LED on PWM 0: gone"], run.TakeReports());
        Assert.Throws<IOException>(led.On);
        Assert.Same(pwm.Failure, await Assert.ThrowsAsync<IOException>(() => led.FadeAsync(1, Seconds(1))));
        led.Dispose();
        Assert.True(pwm.IsDisposed);
    });

    [Fact]
    public void On_a_line_it_has_PWM_in_software() => Run(async run =>
    {
        PwmLed led = new(run.Board, 17);
        Assert.False(run.Board[17]);
        led.Brightness = 0.25;
        await Coroutine.Sleep(Milliseconds(7));
        Assert.Equal([0, 0.00125, 0.005, 0.00625], run.ChangesOf(17));
        led.On();
        await Coroutine.Sleep(Milliseconds(10));
        Assert.True(run.Board[17]);
        led.Dispose();
        Assert.False(run.Board[17]);
        Assert.Equal(0, run.Board.HeldLines);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PwmLed(run.Board, 99));
        using PwmLed low = new(run.Board, 18, activeLow: true);
        Assert.True(run.Board[18]);
        using Buzzer buzzer = new(run.Board, 19);
        buzzer.Sound(500);
        await Coroutine.Sleep(Milliseconds(3.5));
        Assert.Equal(4, run.ChangesOf(19).Length);
    });

    [Fact]
    public void Outside_of_a_run_it_takes_no_line()
    {
        using Sprig.Testing.SimulatedBoard board = new();
        Assert.Throws<InvalidOperationException>(() => new PwmLed(board, 17));
        Assert.Equal(0, board.HeldLines);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Brightness_is_between_0_and_1(double brightness) => Run(run =>
    {
        using PwmLed led = new(new RecordingPwm());
        Assert.Throws<ArgumentOutOfRangeException>(() => led.Brightness = brightness);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = led.FadeAsync(brightness, Seconds(1)); });
        Assert.Equal(0, led.Brightness);
        return Task.CompletedTask;
    });

    [Fact]
    public void Bad_times_are_told_at_once() => Run(run =>
    {
        using PwmLed led = new(new RecordingPwm());
        Assert.Throws<ArgumentOutOfRangeException>(() => led.Blink(fadeIn: Seconds(-1)));
        Assert.Throws<ArgumentException>(() => led.Blink(TimeSpan.Zero, TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => { _ = led.PulseAsync(TimeSpan.Zero, TimeSpan.Zero); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = led.PulseAsync(count: -1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = led.FadeAsync(1, Seconds(-1)); });
        Assert.Throws<ArgumentNullException>(() => new PwmLed(null!));
        return Task.CompletedTask;
    });

    private static async IAsyncEnumerable<double> Of(params double[] values)
    {
        foreach (double value in values)
        {
            await Coroutine.Yield();
            yield return value;
        }
    }
}
