using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class TrafficLightsTests
{
    [Fact]
    public void They_show_what_they_are_told_and_no_more() => Run(async run =>
    {
        using TrafficLights lights = new(run.Board, 1, 2, 3);
        _ = lights.Amber.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(0.5));
        lights.Show(red: true, amber: true);
        Assert.Equal((true, true, false), (run.Board[1], run.Board[2], run.Board[3]));
        await Coroutine.Sleep(Seconds(5));
        Assert.True(run.Board[2]);
        lights.Show(green: true);
        Assert.Equal((false, false, true), (run.Board[1], run.Board[2], run.Board[3]));
        lights.Off();
        Assert.False(run.Board[3]);
        lights.Show(red: true);
        lights.Dispose();
        Assert.False(run.Board[1]);
    });

    [Fact]
    public void They_are_made_of_three_LEDs() => Run(run =>
    {
        using Led one = new(run.Board, 1), two = new(run.Board, 2), three = new(run.Board, 3);
        Assert.Throws<ArgumentException>(() => new TrafficLights(one, two, two));
        Assert.Throws<ArgumentNullException>(() => new TrafficLights(one, null!, two));
        Assert.Throws<IOException>(() => new TrafficLights(run.Board, 4, 5, 3));
        Assert.Equal(3, run.Board.HeldLines);
        new TrafficLights(one, two, three).Dispose();
        Assert.Equal(0, run.Board.HeldLines);
        return Task.CompletedTask;
    });
}
