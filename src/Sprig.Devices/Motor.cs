using System.Device.Pwm;
using Sprig.IO;

namespace Sprig.Devices;

/// <summary>A DC motor behind an H bridge with an input for each direction: two PWM channels for any speed, two lines for full speed or
/// none.</summary>
/// <remarks>Loop thread only. The input of the other direction is off before one comes on. One thing drives it: any write ends a follow,
/// as of now, and so does Dispose. A follow that is killed, or fails, stops the motor; so does Dispose.</remarks>
public sealed class Motor : IDisposable
{
    private readonly Actuator _forward;
    private readonly Actuator _backward;
    private readonly WorkSlot _work;

    /// <summary>On two channels that are its own from now on; they are started, and the motor stands.</summary>
    /// <exception cref="ArgumentException">One is null, or both are the same; none is taken.</exception>
    public Motor(PwmChannel forward, PwmChannel backward)
        : this(PwmActuator.TakeAll(forward, backward))
    {
    }

    /// <summary>On two lines that are its own from now on.</summary>
    /// <exception cref="ArgumentException">One is null, or both are the same; none is taken.</exception>
    public Motor(GpioOutput forward, GpioOutput backward)
        : this(LineActuator.TakeAll(forward, backward))
    {
    }

    /// <summary>On two lines of a chip; the motor stands.</summary>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public Motor(GpioChip chip, int forward, int backward)
        : this(LineActuator.OpenAll(chip, activeLow: false, forward, backward))
    {
    }

    private Motor(Actuator[] inputs)
    {
        (_forward, _backward) = (inputs[0], inputs[1]);
        _work = new WorkSlot($"the motor on {_forward.Name}", Rest);
    }

    /// <summary>-1 (full speed backward) to 1 (full speed forward), 0 to stand; setting it is a write.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between -1 and 1; or on lines none of -1, 0 and 1.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public double Speed
    {
        get => _forward.Value - _backward.Value;
        set
        {
            Check(value);
            _work.Take();
            Write(value);
        }
    }

    /// <summary>Turns forward.</summary>
    /// <param name="speed">0 to 1.</param>
    /// <inheritdoc cref="Speed" path="/exception"/>
    public void Forward(double speed = 1) => Speed = Between.Check(speed, 0, 1);

    /// <summary>Turns backward.</summary>
    /// <param name="speed">0 to 1.</param>
    /// <inheritdoc cref="Speed" path="/exception"/>
    public void Backward(double speed = 1) => Speed = -Between.Check(speed, 0, 1);

    /// <summary>Turns the other way, as fast.</summary>
    public void Reverse() => Speed = -Speed;

    /// <summary>Takes the power away; the motor runs out.</summary>
    public void Stop() => Speed = 0;

    /// <summary>Takes each value as its speed. Returns when there are no more, and the motor goes on as it is then; or when a write has
    /// ended it. A value out of range is an error, and stops the motor.</summary>
    public Task FollowAsync(IAsyncEnumerable<double> speeds)
    {
        ArgumentNullException.ThrowIfNull(speeds);
        ObjectDisposedException.ThrowIf(_forward.IsDisposed, this);
        return _work.RunAsync("follow", work => work.FollowAsync(speeds, speed => Write(Check(speed))));
    }

    /// <summary>Stops the motor, and gives lines or channels back.</summary>
    public void Dispose()
    {
        _work.Take();
        Rest();
        Actuator.DisposeAll([_forward, _backward]);
    }

    private double Check(double speed)
    {
        Between.Check(speed, -1, 1);
        if (_forward.IsDigital && speed is not (-1 or 0 or 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(speed), speed, "On lines a motor turns at full speed (-1, 1) or not at all (0); give it PWM channels.");
        }

        return speed;
    }

    private void Write(double speed)
    {
        // Both at once would brake at best.
        (Actuator on, Actuator off) = speed >= 0 ? (_forward, _backward) : (_backward, _forward);
        off.Value = 0;
        on.Value = Math.Abs(speed);
    }

    private void Rest()
    {
        // Not what is safe for the lines: they may have been opened without.
        _forward.Rest(0);
        _backward.Rest(0);
    }
}
