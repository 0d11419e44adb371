using Sprig.IO;
using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

public class MotionSensorTests
{
    [Fact]
    public void It_tells_when_motion_begins_and_ends() => Run(async run =>
    {
        using MotionSensor sensor = new(run.Board, 7);
        using Led lamp = new(run.Board, 17);
        Coroutine follow = Coroutine.Spawn(() => lamp.FollowAsync(sensor.Values()));
        using IDisposable began = sensor.MotionStarted.Subscribe(when => run.At("motion"));
        using IDisposable ended = sensor.MotionEnded.Subscribe(when => run.At("quiet"));
        await sensor.WaitForNoMotionAsync();
        Coroutine drive = run.Drive(7, true, 1, 4, 6, 7);
        await sensor.WaitForMotionAsync();
        Assert.Equal((Seconds(1), true), (run.Clock.Elapsed, sensor.IsMotion));
        await sensor.WaitForMotionAsync();
        await sensor.WaitForNoMotionAsync();
        Assert.Equal((Seconds(4), false), (run.Clock.Elapsed, sensor.IsMotion));
        await drive;
        await Coroutine.Yield();
        await Coroutine.Yield();
        run.Expect("1 motion", "4 quiet", "6 motion", "7 quiet");
        sensor.Dispose();
        await follow;
        Assert.Equal([1, 4, 6, 7], run.ChangesOf(17));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sensor.WaitForMotionAsync());
    });

    [Fact]
    public void A_wait_ends_by_a_deadline_and_a_kill() => Run(async run =>
    {
        using MotionSensor sensor = new(run.Board, 7);
        Assert.Equal(7, sensor.Line);
        Assert.False(await Deadline.TryRunAsync(Seconds(1), () => sensor.WaitForMotionAsync().AsTask()));
        Coroutine waiter = Coroutine.Spawn(() => sensor.WaitForMotionAsync());
        await Coroutine.Sleep(Seconds(1));
        await waiter.KillAsync();
        Assert.Equal((CoroutineState.Killed, 0), (waiter.State, sensor.MotionStarted.ListenerCount));
    });

    [Fact]
    public void It_takes_an_input_over_and_bad_input_holds_no_line() => Run(run =>
    {
        Assert.Throws<ArgumentNullException>(() => new MotionSensor((GpioInput)null!));
        Assert.Throws<ArgumentNullException>(() => new MotionSensor(null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MotionSensor(run.Board, 99));
        GpioInput input = run.Board.OpenInput(7);
        Assert.Throws<IOException>(() => new MotionSensor(run.Board, 7));
        new MotionSensor(input).Dispose();
        Assert.True(input.IsDisposed);
        return Task.CompletedTask;
    });
}
