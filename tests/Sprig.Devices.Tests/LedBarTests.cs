using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class LedBarTests
{
    [Theory]
    [InlineData(0, "00000")]
    [InlineData(0.19, "00000")]
    [InlineData(0.2, "10000")]
    [InlineData(0.6, "11100")]
    [InlineData(1, "11111")]
    [InlineData(-0.2, "00001")]
    [InlineData(-0.7, "00111")]
    [InlineData(-1, "11111")]
    public void On_lines_it_lights_so_many(double value, string lit) => Run(run =>
    {
        using LedBar bar = new(run.Board, 1, 2, 3, 4, 5);
        bar.Value = 0.5;
        bar.Value = value;
        Assert.Equal((value, 5), (bar.Value, bar.Count));
        Assert.Equal(lit, string.Concat(Enumerable.Range(1, 5).Select(line => run.Board[line] ? '1' : '0')));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_third_of_three_is_one() => Run(run =>
    {
        using LedBar bar = new(run.Board, 1, 2, 3);
        for (int i = 1; i <= 3; i++)
        {
            bar.Value = i / 3.0;
            Assert.Equal(i, Enumerable.Range(1, 3).Count(line => run.Board[line]));
        }

        return Task.CompletedTask;
    });

    [Fact]
    public void On_channels_the_last_is_lit_in_part() => Run(run =>
    {
        RecordingPwm[] pwm = [new(), new(), new(), new()];
        LedBar bar = new(pwm);
        bar.Value = 0.625;
        Assert.Equal([1, 1, 0.5, 0], pwm.Select(one => one.DutyCycle));
        bar.Value = -0.125;
        Assert.Equal([0, 0, 0, 0.5], pwm.Select(one => one.DutyCycle));
        bar.Dispose();
        Assert.All(pwm, one => Assert.True(one is { IsDisposed: true, IsRunning: false, DutyCycle: 0 }));
        return Task.CompletedTask;
    });

    [Fact]
    public void It_follows_values_and_a_kill_leaves_it_dark() => Run(async run =>
    {
        using LedBar bar = new(run.Board.OpenOutput(1), run.Board.OpenOutput(2));
        Coroutine follow = Coroutine.Spawn(() => bar.FollowAsync(Values()));
        await Coroutine.Sleep(Seconds(1.5));
        Assert.Equal((1, true), (bar.Value, run.Board[2]));
        await follow.KillAsync();
        Assert.Equal((0, false, false), (bar.Value, run.Board[1], run.Board[2]));
        follow = Coroutine.Spawn(() => bar.FollowAsync(Values()));
        await Coroutine.Sleep(Seconds(0.5));
        bar.Value = 1;
        await follow;
        Assert.Equal(2, run.Clock.Elapsed.TotalSeconds);

        static async IAsyncEnumerable<double> Values()
        {
            yield return 0.5;
            await Coroutine.Sleep(Seconds(1));
            yield return 1;
            await Coroutine.Sleep(Seconds(100));
        }
    });

    [Fact]
    public void Bad_input_is_told_and_holds_no_line() => Run(async run =>
    {
        Assert.Throws<ArgumentException>(() => new LedBar(run.Board, []));
        using GpioOutput one = run.Board.OpenOutput(9);
        Assert.Throws<IOException>(() => new LedBar(run.Board, 1, 2, 9));
        Assert.Throws<ArgumentException>(() => new LedBar(one, one));
        Assert.Equal(1, run.Board.HeldLines);
        using LedBar bar = new(run.Board, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => bar.Value = 1.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => bar.Value = double.NaN);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bar.FollowAsync(((double[])[1, -2]).ToAsyncEnumerable()));
        Assert.False(run.Board[1]);
    });
}
