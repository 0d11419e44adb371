using System.Device.Gpio;
using Iot.Device.Hcsr501;
using Sprig.Devices.Tests.Bindings.Chips;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class Hcsr501Tests
{
    private const int Line = 16;

    [Fact]
    public void Motion_is_told_on_the_loop_when_it_begins_and_when_it_is_over() => Proof.Run(async proof =>
    {
        PirSensor sensor = new(proof.Board, Line, TimeSpan.FromSeconds(5));
        using Hcsr501 pir = new(Line, proof.Controller, shouldDispose: false);
        MonotonicTime start = MonotonicTime.Now;
        List<(double Seconds, bool Motion, bool OnLoop)> heard = [];
        pir.Hcsr501ValueChanged += (_, e) => heard.Add(((MonotonicTime.Now - start).TotalSeconds, e.PinValue == PinValue.High, proof.IsOnLoop));
        Assert.False(pir.IsMotionDetected);
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        sensor.Move();
        await Coroutine.Sleep(TimeSpan.FromSeconds(3));
        Assert.True(pir.IsMotionDetected);
        sensor.Move();
        await Coroutine.Sleep(TimeSpan.FromSeconds(10));
        Assert.False(pir.IsMotionDetected);
        Assert.Equal([(1.0, true, true), (9.0, false, true)], heard);
    });
}
