using System.Device.Pwm;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A hobby servo on a PWM channel: an angle is a width of the pulse that it gets 50 times a second.</summary>
/// <remarks>Loop thread only. One thing drives it: setting the angle ends a sweep or a follow, as of now, and so does Dispose. One of
/// those that is killed, or fails, stops where it is; Dispose takes the pulses away, so that nothing holds the arm.</remarks>
public sealed class Servo : IDisposable
{
    private const int FramesPerSecond = 50;
    private static readonly TimeSpan s_frame = TimeSpan.FromSeconds(1) / FramesPerSecond;

    private readonly PwmActuator _pwm;
    private readonly WorkSlot _work;
    private double? _angle;

    /// <summary>On a channel that is its own from now on; set to 50 Hz and started, without pulses.</summary>
    /// <param name="channel">Disposed of with the servo.</param>
    /// <param name="minimumAngle">In degrees, at the shortest pulse.</param>
    /// <param name="maximumAngle">In degrees, at the longest pulse; may be the smaller one, for a servo that turns the other way.</param>
    /// <param name="minimumPulse">1 ms unless given. Too short a one drives the gear against its stop.</param>
    /// <param name="maximumPulse">2 ms unless given; at most 20 ms.</param>
    /// <exception cref="ArgumentException">The angles are the same or no numbers, or not 0 &lt; shortest &lt; longest pulse &lt;= 20
    /// ms.</exception>
    public Servo(
        PwmChannel channel,
        double minimumAngle = -90,
        double maximumAngle = 90,
        TimeSpan? minimumPulse = null,
        TimeSpan? maximumPulse = null)
    {
        ArgumentNullException.ThrowIfNull(channel);
        MinimumPulse = minimumPulse ?? TimeSpan.FromMilliseconds(1);
        MaximumPulse = maximumPulse ?? TimeSpan.FromMilliseconds(2);
        if (MinimumPulse <= TimeSpan.Zero || MaximumPulse <= MinimumPulse || MaximumPulse > s_frame)
        {
            throw new ArgumentException(
                $"Pulses of {MinimumPulse} to {MaximumPulse}: the shortest is more than 0, the longest more than that and at most 20 ms.");
        }

        if (minimumAngle == maximumAngle || !double.IsFinite(maximumAngle - minimumAngle))
            throw new ArgumentException($"Angles of {minimumAngle} to {maximumAngle}: two numbers that differ.");
        (MinimumAngle, MaximumAngle) = (minimumAngle, maximumAngle);
        channel.Frequency = FramesPerSecond;
        _pwm = new PwmActuator(channel);
        _work = new WorkSlot($"the servo on {_pwm.Name}", static () => { });
    }

    /// <summary>In degrees, at the shortest pulse.</summary>
    public double MinimumAngle { get; }

    /// <summary>In degrees, at the longest pulse.</summary>
    public double MaximumAngle { get; }

    /// <summary>The shortest pulse.</summary>
    public TimeSpan MinimumPulse { get; }

    /// <summary>The longest pulse.</summary>
    public TimeSpan MaximumPulse { get; }

    /// <summary>In degrees, where it is told to be; null while it gets no pulses, and when set to that. Where the arm is it can't
    /// know: turning takes time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between the two angles.</exception>
    public double? Angle
    {
        get => _angle;
        set
        {
            if (value is { } angle)
                Check(angle, nameof(value));
            _work.Take();
            Write(value);
        }
    }

    /// <summary>Turns from the present angle to another in small steps; returns when it is told to be there, or a write has ended
    /// it.</summary>
    /// <param name="angle">In degrees.</param>
    /// <param name="length">How long it takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not between the two angles, or the length is negative.</exception>
    /// <exception cref="InvalidOperationException">It gets no pulses: where to start from is not known.</exception>
    public Task SweepAsync(double angle, TimeSpan length)
    {
        Check(angle, nameof(angle));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        ThrowIfDisposed();
        double from = _angle
            ?? throw new InvalidOperationException("The servo gets no pulses yet: set its Angle first, to start from there.");
        return _work.RunAsync("sweep", work
            => BlinkPattern.FadeAsync(work, value => Write(value), from, angle, length, MonotonicTime.Now).AsTask());
    }

    /// <summary>Takes each value as its angle. Returns when there are no more, or a write has ended it. A value that is not between
    /// the two angles is an error.</summary>
    public Task FollowAsync(IAsyncEnumerable<double> angles)
    {
        ArgumentNullException.ThrowIfNull(angles);
        ThrowIfDisposed();
        return _work.RunAsync("follow", work => work.FollowAsync(angles, angle => Write(Check(angle, nameof(angle)))));
    }

    /// <summary>Ends what drives it, and gives the channel back without pulses.</summary>
    public void Dispose()
    {
        _work.Take();
        _pwm.Dispose();
        _angle = null;
    }

    private double Check(double angle, string name)
        => Between.Check(angle, Math.Min(MinimumAngle, MaximumAngle), Math.Max(MinimumAngle, MaximumAngle), name);

    private void Write(double? angle)
    {
        double part = angle is { } degrees ? (degrees - MinimumAngle) / (MaximumAngle - MinimumAngle) : 0;
        _pwm.Value = angle is null ? 0 : MinimumPulse / s_frame + (MaximumPulse - MinimumPulse) / s_frame * part;
        _angle = angle;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_pwm.IsDisposed, this);
}
