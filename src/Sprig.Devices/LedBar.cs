using System.Device.Pwm;
using Sprig.IO;

namespace Sprig.Devices;

/// <summary>A row of LEDs that shows a value by how many are lit; on PWM channels the last one is lit in part.</summary>
/// <remarks>Loop thread only. One thing drives it: a write ends a follow, as of now, and so does Dispose. A follow that is killed, or
/// fails, leaves the lines at their safe state, dark unless they were opened otherwise.</remarks>
public sealed class LedBar : IDisposable
{
    private readonly Actuator[] _leds;
    private readonly WorkSlot _work;
    private double _value;

    /// <summary>On lines that are its own from now on.</summary>
    /// <exception cref="ArgumentException">There is none, or one is null or named twice; none is taken.</exception>
    public LedBar(params ReadOnlySpan<GpioOutput> outputs)
        : this(LineActuator.TakeAll(outputs))
    {
    }

    /// <summary>On channels that are its own from now on; they are started, dark.</summary>
    /// <exception cref="ArgumentException">There is none, or one is null or named twice; none is taken.</exception>
    public LedBar(params ReadOnlySpan<PwmChannel> channels)
        : this(PwmActuator.TakeAll(channels))
    {
    }

    /// <summary>On lines of a chip, dark.</summary>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public LedBar(GpioChip chip, params ReadOnlySpan<int> lines)
        : this(LineActuator.OpenAll(chip, activeLow: false, lines))
    {
    }

    private LedBar(Actuator[] leds)
    {
        if (leds.Length == 0)
            throw new ArgumentException("A bar has one LED at least.");
        _leds = leds;
        _work = new WorkSlot($"the LED bar on {leds[0].Name}", Rest);
    }

    /// <summary>How many LEDs it has.</summary>
    public int Count => _leds.Length;

    /// <summary>0 (dark) to 1 (all): that part of the LEDs, from the first. Below 0, to -1: from the last. Setting it is a write.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between -1 and 1.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public double Value
    {
        get => _value;
        set
        {
            Between.Check(value, -1, 1);
            _work.Take();
            Write(value);
        }
    }

    /// <summary>Shows each value as it comes. Returns when there are no more, or a write has ended it; the bar stays as it is then.
    /// A value that is not between -1 and 1 is an error, and leaves it dark.</summary>
    public Task FollowAsync(IAsyncEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_leds[0].IsDisposed, this);
        return _work.RunAsync("follow", work => work.FollowAsync(values, value => Write(Between.Check(value, -1, 1))));
    }

    /// <summary>Ends what drives it, and gives lines or channels back in their safe state.</summary>
    public void Dispose()
    {
        _work.Take();
        Actuator.DisposeAll(_leds);
    }

    private void Write(double value)
    {
        double lit = Math.Abs(value) * _leds.Length;
        for (int i = 0; i < _leds.Length; i++)
        {
            double part = Math.Clamp(lit - i, 0, 1);
            Actuator led = _leds[value >= 0 ? i : _leds.Length - 1 - i];
            // A line that is lit in part is dark, or the bar would show more than there is. What is one third of three is not 0.999...
            led.Value = led.IsDigital ? Math.Floor(part + 1e-9) : part;
        }

        _value = value;
    }

    private void Rest()
    {
        foreach (Actuator led in _leds)
            led.Rest();
        _value = 0;
    }
}
