using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class ServoTests
{
    [Fact]
    public void An_angle_is_a_pulse_width() => Run(run =>
    {
        RecordingPwm pwm = new();
        Servo servo = new(pwm);
        Assert.Null(servo.Angle);
        Assert.Equal(["0 50 Hz", "0 duty 0", "0 start"], pwm.Take());
        servo.Angle = -90;
        servo.Angle = 0;
        servo.Angle = 90;
        servo.Angle = null;
        Assert.Equal(["0 duty 0.05", "0 duty 0.075", "0 duty 0.1", "0 duty 0"], pwm.Take());
        servo.Angle = 45;
        servo.Dispose();
        Assert.Equal(["0 duty 0.0875", "0 duty 0", "0 stop"], pwm.Take());
        Assert.Null(servo.Angle);
        Assert.Throws<ObjectDisposedException>(() => servo.Angle = 1);
        return Task.CompletedTask;
    });

    [Fact]
    public void Its_ends_may_be_other_ones() => Run(run =>
    {
        RecordingPwm pwm = new();
        using Servo servo = new(pwm, 180, 0, Milliseconds(0.5), Milliseconds(2.5));
        pwm.Take();
        servo.Angle = 180;
        servo.Angle = 0;
        Assert.Equal(["0 duty 0.025", "0 duty 0.125"], pwm.Take());
        Assert.Throws<ArgumentOutOfRangeException>(() => servo.Angle = 181);
        return Task.CompletedTask;
    });

    [Fact]
    public void It_sweeps_and_stops_where_it_is_when_that_is_killed() => Run(async run =>
    {
        RecordingPwm pwm = new();
        using Servo servo = new(pwm);
        servo.Angle = 0;
        pwm.Take();
        await servo.SweepAsync(90, Milliseconds(60));
        Assert.Equal(["0.02 duty 0.083333", "0.04 duty 0.091667", "0.06 duty 0.1"], pwm.Take());
        Coroutine sweep = Coroutine.Spawn(() => servo.SweepAsync(0, Seconds(1)));
        await Coroutine.Sleep(Milliseconds(510));
        await sweep.KillAsync();
        await Coroutine.Sleep(Seconds(2));
        Assert.Equal(45, servo.Angle);
    });

    [Fact]
    public void A_write_ends_a_sweep() => Run(async run =>
    {
        using Servo servo = new(new RecordingPwm());
        servo.Angle = 0;
        Coroutine sweep = Coroutine.Spawn(() => servo.SweepAsync(90, Seconds(1)));
        await Coroutine.Sleep(Seconds(0.5));
        servo.Angle = -20;
        await sweep;
        await Coroutine.Sleep(Seconds(1));
        Assert.Equal((-20, Seconds(1.5)), (servo.Angle, run.Clock.Elapsed));
    });

    [Fact]
    public void It_follows_angles() => Run(async run =>
    {
        using Servo servo = new(new RecordingPwm());
        await servo.FollowAsync(((double[])[10, 20]).ToAsyncEnumerable());
        Assert.Equal(20, servo.Angle);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => servo.FollowAsync(((double[])[30, 200]).ToAsyncEnumerable()));
        Assert.Equal(30, servo.Angle);
    });

    [Fact]
    public void Bad_input_is_told_at_once() => Run(run =>
    {
        RecordingPwm pwm = new();
        Assert.Throws<ArgumentNullException>(() => new Servo(null!));
        Assert.Throws<ArgumentException>(() => new Servo(pwm, 10, 10));
        Assert.Throws<ArgumentException>(() => new Servo(pwm, double.NaN, 10));
        Assert.Throws<ArgumentException>(() => new Servo(pwm, minimumPulse: TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new Servo(pwm, minimumPulse: Milliseconds(3)));
        Assert.Throws<ArgumentException>(() => new Servo(pwm, maximumPulse: Milliseconds(21)));
        Assert.Empty(pwm.Take());
        using Servo servo = new(pwm);
        Assert.Throws<ArgumentOutOfRangeException>(() => servo.Angle = 90.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => servo.Angle = double.NaN);
        Assert.Throws<InvalidOperationException>(() => { _ = servo.SweepAsync(1, Seconds(1)); });
        servo.Angle = 0;
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = servo.SweepAsync(100, Seconds(1)); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = servo.SweepAsync(1, Seconds(-1)); });
        return Task.CompletedTask;
    });
}
