using System.Device.Pwm;
using System.Drawing;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>An LED of three colours: on three PWM channels in any colour, on three lines in eight.</summary>
/// <remarks>Loop thread only. One thing drives it: any write ends a blink, a fade or a follow, as of now, and so does Dispose. One of
/// those that is killed, or fails, leaves the LED at the safe state of its lines, dark unless they were opened otherwise.</remarks>
public sealed class RgbLed : IDisposable
{
    private readonly Actuator[] _parts;
    private readonly WorkSlot _work;
    private Color _color = Color.Black;

    /// <summary>On three channels that are its own from now on; they are started, dark.</summary>
    /// <exception cref="ArgumentException">One is null, or named twice; none is taken.</exception>
    public RgbLed(PwmChannel red, PwmChannel green, PwmChannel blue)
        : this(PwmActuator.TakeAll(red, green, blue))
    {
    }

    /// <summary>On three lines that are its own from now on; each colour is on from one half up.</summary>
    /// <exception cref="ArgumentException">One is null, or named twice; none is taken.</exception>
    public RgbLed(GpioOutput red, GpioOutput green, GpioOutput blue)
        : this(LineActuator.TakeAll(red, green, blue))
    {
    }

    /// <summary>On three lines of a chip, dark.</summary>
    /// <param name="chip">Where the lines are.</param>
    /// <param name="red">The red one's line.</param>
    /// <param name="green">The green one's line.</param>
    /// <param name="blue">The blue one's line.</param>
    /// <param name="activeLow">For an LED with a common anode.</param>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public RgbLed(GpioChip chip, int red, int green, int blue, bool activeLow = false)
        : this(LineActuator.OpenAll(chip, activeLow, red, green, blue))
    {
    }

    private RgbLed(Actuator[] parts)
    {
        _parts = parts;
        _work = new WorkSlot($"the RGB LED on {parts[0].Name}", Rest);
    }

    /// <summary>What was last asked for, by a write or by what drives it now; setting it is a write. Its alpha is of no account.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public Color Color
    {
        get => _color;
        set
        {
            _work.Take();
            Write(value);
        }
    }

    /// <summary>Whether any part of it is on now.</summary>
    public bool IsLit => _parts.Any(part => part.Value > 0);

    /// <summary>White.</summary>
    public void On() => Color = Color.White;

    /// <summary>Dark.</summary>
    public void Off() => Color = Color.Black;

    /// <summary>Blinks in the background between a colour and dark.</summary>
    /// <param name="color">The colour of "on".</param>
    /// <param name="on">How long it is on; 1 s unless given.</param>
    /// <param name="off">How long it is dark then; 1 s unless given.</param>
    /// <param name="count">How often; without end unless given.</param>
    /// <returns>A daemon: awaited, it ends when the blink does, by its count or by a write. Killed, the LED is dark.</returns>
    /// <exception cref="ArgumentException">A time is negative, both are zero, or <paramref name="count"/> is below 1.</exception>
    public Coroutine Blink(Color color, TimeSpan? on = null, TimeSpan? off = null, int? count = null)
    {
        BlinkPattern pattern = new(on ?? TimeSpan.FromSeconds(1), off ?? TimeSpan.FromSeconds(1), count);
        ThrowIfDisposed();
        return _work.Start("blink", work => pattern.RunAsync(work, part => Write(Mix(Color.Black, color, part))));
    }

    /// <summary>Fades from the present colour to another; returns when it is there, or a write has ended it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public Task FadeAsync(Color color, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        ThrowIfDisposed();
        return _work.RunAsync("fade", work =>
        {
            Color from = _color;
            return BlinkPattern.FadeAsync(work, part => Write(Mix(from, color, part)), 0, 1, length, MonotonicTime.Now).AsTask();
        });
    }

    /// <summary>Shows each colour as it comes. Returns when there are no more, or a write has ended it; the LED stays as it is
    /// then.</summary>
    public Task FollowAsync(IAsyncEnumerable<Color> colors)
    {
        ArgumentNullException.ThrowIfNull(colors);
        ThrowIfDisposed();
        return _work.RunAsync("follow", work => work.FollowAsync(colors, Write));
    }

    /// <summary>Ends what drives it, and gives the lines or channels back in their safe state.</summary>
    public void Dispose()
    {
        _work.Take();
        Actuator.DisposeAll(_parts);
    }

    private static Color Mix(Color from, Color to, double part)
    {
        return Color.FromArgb(One(from.R, to.R), One(from.G, to.G), One(from.B, to.B));

        int One(byte start, byte end) => (int)Math.Round(start + (end - start) * part);
    }

    private void Write(Color color)
    {
        _parts[0].Value = color.R / 255.0;
        _parts[1].Value = color.G / 255.0;
        _parts[2].Value = color.B / 255.0;
        _color = color;
    }

    private void Rest()
    {
        foreach (Actuator part in _parts)
            part.Rest();
        _color = Color.Black;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_parts[0].IsDisposed, this);
}
