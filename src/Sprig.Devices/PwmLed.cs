using System.Device.Pwm;
using Sprig.Devices.Buses;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>An LED on a PWM channel: any brightness, with fades.</summary>
/// <remarks>Loop thread only. One thing drives it: any write ends a blink, a fade, a pulse or a follow, as of now, and so does Dispose.
/// One of those that is killed, or fails, leaves the LED dark.</remarks>
public sealed class PwmLed : IDisposable
{
    private readonly PwmActuator _pwm;
    private readonly WorkSlot _work;

    /// <summary>An LED on a channel that is its own from now on; it is started, dark.</summary>
    /// <param name="channel">Of a hardware or a software PWM; 100 Hz or more do not flicker. Disposed of with the LED.</param>
    public PwmLed(PwmChannel channel)
        : this(new PwmActuator(channel))
    {
    }

    /// <summary>An LED on any line of a chip, dark, with PWM in software at 200 Hz: see <see cref="LoopPwmChannel"/>.</summary>
    /// <param name="chip">Where the line is.</param>
    /// <param name="line">Its offset in the chip.</param>
    /// <param name="activeLow">For an LED between the supply and the line.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; no line is held.</exception>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public PwmLed(GpioChip chip, int line, bool activeLow = false)
        : this(PwmActuator.Open(chip, line, frequency: 200, activeLow))
    {
    }

    private PwmLed(PwmActuator pwm)
    {
        _pwm = pwm;
        _work = new WorkSlot($"the LED on {_pwm.Name}", _pwm.Rest);
    }

    /// <summary>0 (dark) to 1; setting it is a write.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double Brightness
    {
        get => _pwm.Value;
        set
        {
            Between.Check(value);
            _work.Take();
            _pwm.Value = value;
        }
    }

    /// <summary>Whether it is brighter than dark now.</summary>
    public bool IsLit => _pwm.Value > 0;

    /// <summary>As bright as it gets.</summary>
    public void On() => Brightness = 1;

    /// <summary>Dark.</summary>
    public void Off() => Brightness = 0;

    /// <summary>Dark if it is lit now, else as bright as it gets.</summary>
    public void Toggle() => Brightness = IsLit ? 0 : 1;

    /// <summary>Blinks in the background, with fades where they are given.</summary>
    /// <param name="on">How long it is on between the fades; 1 s unless given.</param>
    /// <param name="off">How long it is off then; 1 s unless given.</param>
    /// <param name="fadeIn">How long it takes from dark to bright; no time unless given.</param>
    /// <param name="fadeOut">How long it takes back; no time unless given.</param>
    /// <param name="count">How often; without end unless given.</param>
    /// <returns>A daemon: awaited, it ends when the blink does, by its count or by a write. Killed, the LED is dark.</returns>
    /// <exception cref="ArgumentException">A time is negative, all are zero, or <paramref name="count"/> is below 1.</exception>
    public Coroutine Blink(
        TimeSpan? on = null, TimeSpan? off = null, TimeSpan fadeIn = default, TimeSpan fadeOut = default, int? count = null)
    {
        BlinkPattern pattern = new(on ?? TimeSpan.FromSeconds(1), off ?? TimeSpan.FromSeconds(1), count, fadeIn, fadeOut);
        ThrowIfDisposed();
        return _work.Start("blink", work => pattern.RunAsync(work, Write));
    }

    /// <summary>Fades in and out, again and again; returns when that was done so often, or a write has ended it.</summary>
    /// <param name="fadeIn">1 s unless given.</param>
    /// <param name="fadeOut">1 s unless given.</param>
    /// <param name="count">How often; without end unless given. In the background: <see cref="Blink"/> with fades.</param>
    /// <exception cref="ArgumentException">A time is negative, both are zero, or <paramref name="count"/> is below 1.</exception>
    public Task PulseAsync(TimeSpan? fadeIn = null, TimeSpan? fadeOut = null, int? count = null)
    {
        BlinkPattern pattern = new(
            TimeSpan.Zero, TimeSpan.Zero, count, fadeIn ?? TimeSpan.FromSeconds(1), fadeOut ?? TimeSpan.FromSeconds(1));
        ThrowIfDisposed();
        return _work.RunAsync("pulse", work => pattern.RunAsync(work, Write));
    }

    /// <summary>Fades from the present brightness to another; returns when it is there, or a write has ended it.</summary>
    /// <param name="brightness">0 to 1.</param>
    /// <param name="length">How long it takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The brightness is not between 0 and 1, or the length is negative.</exception>
    public Task FadeAsync(double brightness, TimeSpan length)
    {
        Between.Check(brightness);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        ThrowIfDisposed();
        return _work.RunAsync("fade", work
            => BlinkPattern.FadeAsync(work, Write, _pwm.Value, brightness, length, MonotonicTime.Now).AsTask());
    }

    /// <summary>Takes each value as its brightness. Returns when there are no more, or a write has ended it; the LED stays as it is
    /// then. A value that is not between 0 and 1 is an error, and leaves it dark.</summary>
    public Task FollowAsync(IAsyncEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ThrowIfDisposed();
        return _work.RunAsync("follow", work => work.FollowAsync(values, value => Write(Between.Check(value))));
    }

    /// <summary>Ends what drives it, and gives the channel back, dark.</summary>
    public void Dispose()
    {
        _work.Take();
        _pwm.Dispose();
    }

    private void Write(double value) => _pwm.Value = value;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_pwm.IsDisposed, this);
}
