using Iot.Device.ServoMotor;
using Sprig.Devices.Buses;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class ServoMotorTests
{
    private const int Line = 18;

    /// <summary>A hobby servo after the data sheet of the SG90: a period of 20 ms, pulses of 1 ms to 2 ms for 0 to 180
    /// degrees.</summary>
    [Fact]
    public void Angles_are_pulse_widths_on_the_pin() => Proof.Run(async proof =>
    {
        using ServoMotor servo = new(new LoopPwmChannel(proof.Board.OpenOutput(Line), frequency: 50), 180, 1000, 2000);
        servo.WriteAngle(0);
        servo.Start();
        foreach ((double angle, double milliseconds) in new[] { (0.0, 1.0), (90.0, 1.5), (180.0, 2.0), (45.0, 1.25) })
        {
            servo.WriteAngle(angle);
            // The period that is under way, and four of the new angle.
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
            PinChange[] changes = [.. proof.Board.ChangesOf(Line)];
            PinChange fall = changes.Last(change => !change.Level), rise = changes.Last(change => change.Level && change.Time < fall.Time);
            Assert.Equal(milliseconds, (fall.Time - rise.Time).TotalMilliseconds, 3);
            PinChange before = changes.Last(change => change.Level && change.Time < rise.Time);
            Assert.Equal(20, (rise.Time - before.Time).TotalMilliseconds, 3);
        }

        servo.Stop();
        Assert.False(proof.Board[Line]);
        int count = proof.Board.Changes.Count;
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(count, proof.Board.Changes.Count);
    });
}
