using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class MotorTests
{
    [Fact]
    public void On_lines_it_turns_either_way_and_never_both() => Run(async run =>
    {
        using Motor motor = new(run.Board, 5, 6);
        run.Board.Changed += _ => Assert.False(run.Board[5] && run.Board[6]);
        motor.Forward();
        Assert.Equal((1, true, false), (motor.Speed, run.Board[5], run.Board[6]));
        motor.Reverse();
        Assert.Equal((-1, false, true), (motor.Speed, run.Board[5], run.Board[6]));
        motor.Stop();
        motor.Reverse();
        Assert.Equal(0, motor.Speed);
        motor.Backward();
        motor.Forward(0);
        Assert.Equal((0, false, false), (motor.Speed, run.Board[5], run.Board[6]));
        motor.Speed = -1;
        motor.Dispose();
        Assert.False(run.Board[5] || run.Board[6]);
        Assert.Throws<ObjectDisposedException>(() => motor.Forward());
        await Coroutine.Yield();
    });

    [Fact]
    public void On_channels_it_turns_at_any_speed() => Run(run =>
    {
        RecordingPwm forward = new(), backward = new();
        Motor motor = new(forward, backward);
        motor.Forward(0.5);
        Assert.Equal((0.5, 0.5, 0), (motor.Speed, forward.DutyCycle, backward.DutyCycle));
        motor.Speed = -0.25;
        Assert.Equal((-0.25, 0, 0.25), (motor.Speed, forward.DutyCycle, backward.DutyCycle));
        motor.Dispose();
        Assert.Equal((0, false, true), (backward.DutyCycle, backward.IsRunning, backward.IsDisposed));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_follow_that_is_killed_stops_it_and_one_that_ends_does_not() => Run(async run =>
    {
        using Motor motor = new(run.Board, 5, 6);
        Coroutine follow = Coroutine.Spawn(() => motor.FollowAsync(Speeds()));
        await Coroutine.Sleep(Seconds(1.5));
        Assert.Equal(-1, motor.Speed);
        await follow.KillAsync();
        Assert.Equal(0, motor.Speed);
        await motor.FollowAsync(Speeds());
        Assert.Equal(1, motor.Speed);
        follow = Coroutine.Spawn(() => motor.FollowAsync(Speeds()));
        await Coroutine.Sleep(Seconds(1.5));
        motor.Stop();
        await follow;
        Assert.Equal((0, Seconds(5)), (motor.Speed, run.Clock.Elapsed));

        static async IAsyncEnumerable<double> Speeds()
        {
            yield return 1;
            await Coroutine.Sleep(Seconds(1));
            yield return -1;
            await Coroutine.Sleep(Seconds(1));
            yield return 1;
        }
    });

    [Fact]
    public void On_lines_without_a_safe_level_it_is_stopped_all_the_same() => Run(async run =>
    {
        GpioOutputOptions options = new() { SafeLevel = null };
        Motor motor = new(run.Board.OpenOutput(5, options), run.Board.OpenOutput(6, options));
        Coroutine follow = Coroutine.Spawn(() => motor.FollowAsync(Forward()));
        await Coroutine.Sleep(Seconds(1));
        Assert.True(run.Board[5]);
        await follow.KillAsync();
        Assert.False(run.Board[5] || run.Board[6]);
        motor.Backward();
        motor.Dispose();
        motor.Dispose();
        Assert.False(run.Board[5] || run.Board[6]);

        static async IAsyncEnumerable<double> Forward()
        {
            yield return 1;
            await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
        }
    });

    [Fact]
    public void Bad_input_is_told_and_changes_nothing() => Run(async run =>
    {
        using Motor motor = new(run.Board, 5, 6);
        motor.Forward();
        Assert.Contains("give it PWM channels", Assert.Throws<ArgumentOutOfRangeException>(() => motor.Forward(0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => motor.Speed = 1.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => motor.Backward(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => motor.Speed = double.NaN);
        Assert.Equal(1, motor.Speed);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => motor.FollowAsync(((double[])[-1, 3]).ToAsyncEnumerable()));
        Assert.Equal(0, motor.Speed);
        Assert.Throws<IOException>(() => new Motor(run.Board, 7, 6));
        using GpioOutput one = run.Board.OpenOutput(7);
        Assert.Throws<ArgumentException>(() => new Motor(one, one));
        Assert.Throws<ArgumentNullException>(() => new Motor(one, null!));
        Assert.Equal(3, run.Board.HeldLines);
    });
}
