using System.Drawing;
using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class RgbLedTests
{
    [Fact]
    public void On_channels_it_shows_any_colour() => Run(run =>
    {
        RecordingPwm red = new(), green = new(), blue = new();
        RgbLed led = new(red, green, blue);
        Assert.Equal((Color.Black, false), (led.Color, led.IsLit));
        led.Color = Color.FromArgb(255, 51, 0);
        Assert.Equal((1, 0.2, 0), (red.DutyCycle, green.DutyCycle, blue.DutyCycle));
        Assert.True(led.IsLit);
        led.On();
        Assert.Equal((1, 1, 1), (red.DutyCycle, green.DutyCycle, blue.DutyCycle));
        led.Off();
        Assert.False(led.IsLit);
        led.On();
        led.Dispose();
        Assert.All([red, green, blue], one =>
        {
            Assert.Equal((0, false, true), (one.DutyCycle, one.IsRunning, one.IsDisposed));
        });
        Assert.Throws<ObjectDisposedException>(led.On);
        Assert.Throws<ObjectDisposedException>(() => led.Blink(Color.Red));
        return Task.CompletedTask;
    });

    [Fact]
    public void On_lines_it_shows_eight_and_blinks() => Run(async run =>
    {
        using RgbLed led = new(run.Board, 1, 2, 3);
        led.Color = Color.FromArgb(128, 127, 255);
        Assert.Equal((true, false, true), (run.Board[1], run.Board[2], run.Board[3]));
        await led.Blink(Color.Yellow, Seconds(1), Seconds(1), count: 2);
        Assert.Equal([0, 1, 2, 3], run.ChangesOf(1));
        Assert.Equal([0, 1, 2, 3], run.ChangesOf(2));
        Assert.Equal([0, 0], run.ChangesOf(3));
    });

    [Fact]
    public void It_fades_between_colours() => Run(async run =>
    {
        RecordingPwm red = new(), green = new(), blue = new();
        using RgbLed led = new(red, green, blue);
        led.Color = Color.Red;
        red.Take();
        await led.FadeAsync(Color.Blue, Milliseconds(60));
        Assert.Equal(["0.02 duty 0.666667", "0.04 duty 0.333333", "0.06 duty 0"], red.Take());
        Assert.Equal((0, 1), (green.DutyCycle, blue.DutyCycle));
        Assert.Equal(Color.Blue.ToArgb(), led.Color.ToArgb());
    });

    [Fact]
    public void A_write_ends_a_blink_and_a_kill_leaves_it_dark() => Run(async run =>
    {
        using RgbLed led = new(run.Board, 1, 2, 3);
        Coroutine blink = led.Blink(Color.White);
        await Coroutine.Sleep(Seconds(0.5));
        led.Color = Color.Lime;
        await blink;
        await Coroutine.Sleep(Seconds(3));
        Assert.Equal((false, true, false), (run.Board[1], run.Board[2], run.Board[3]));
        blink = led.Blink(Color.White);
        await Coroutine.Sleep(Seconds(0.5));
        await blink.KillAsync();
        Assert.False(led.IsLit);
        Assert.Equal(Color.Black, led.Color);
    });

    [Fact]
    public void It_follows_colours() => Run(async run =>
    {
        using RgbLed led = new(run.Board, 1, 2, 3);
        await led.FollowAsync(((Color[])[Color.Red, Color.Blue]).ToAsyncEnumerable());
        Assert.Equal(Color.Blue, led.Color);
        Assert.Equal((false, true), (run.Board[1], run.Board[3]));
    });

    [Fact]
    public void A_constructor_that_throws_holds_no_line() => Run(run =>
    {
        using GpioOutput taken = run.Board.OpenOutput(3);
        Assert.Throws<IOException>(() => new RgbLed(run.Board, 1, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RgbLed(run.Board, 1, 2, 99));
        Assert.Throws<IOException>(() => new RgbLed(run.Board, 1, 2, 2));
        Assert.Equal(1, run.Board.HeldLines);
        Assert.Throws<ArgumentException>(() => new RgbLed(taken, taken, taken));
        Assert.Throws<ArgumentNullException>(() => new RgbLed(taken, null!, null!));
        Assert.False(taken.IsDisposed);
        RecordingPwm pwm = new(), failing = new() { Failure = new IOException("gone") };
        Assert.Throws<ArgumentException>(() => new RgbLed(pwm, pwm, pwm));
        Assert.Throws<ArgumentNullException>(() => new RgbLed(pwm, null!, pwm));
        Assert.Throws<IOException>(() => new RgbLed(pwm, failing, new RecordingPwm()));
        Assert.Equal((false, 0), (pwm.IsDisposed, pwm.DutyCycle));
        return Task.CompletedTask;
    });
}
