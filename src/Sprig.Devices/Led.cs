using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>An LED on an output line: on, off, blinking.</summary>
/// <remarks>Loop thread only. One thing drives it: any write ends a blink, a pulse or a follow, as of now, and so does Dispose. One of
/// those that is killed, or fails, leaves the LED at its safe level, off unless the line was opened otherwise.</remarks>
/// <example><code>
/// using Led led = new(chip, 17);
/// _ = led.Blink(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(900));
/// </code></example>
public sealed class Led : IDisposable
{
    private readonly LineActuator _line;
    private readonly WorkSlot _work;

    /// <summary>An LED on a line that is its own from now on.</summary>
    /// <param name="output">Given back when the LED is disposed of. Its level stays as it is.</param>
    public Led(GpioOutput output)
        : this(new LineActuator(output))
    {
    }

    /// <summary>An LED on a line of a chip, off.</summary>
    /// <param name="chip">Where the line is.</param>
    /// <param name="line">Its offset in the chip.</param>
    /// <param name="activeLow">For an LED between the supply and the line.</param>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public Led(GpioChip chip, int line, bool activeLow = false)
        : this(LineActuator.Open(chip, line, activeLow))
    {
    }

    internal Led(LineActuator line)
    {
        _line = line;
        _work = new WorkSlot($"the LED on {line.Name}", line.Rest);
    }

    /// <summary>The line's offset in its chip.</summary>
    public int Line => _line.Line;

    /// <summary>Whether it is on now; setting it is a write.</summary>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public bool IsLit
    {
        get => _line.Value > 0;
        set
        {
            _work.Take();
            _line.Value = value ? 1 : 0;
        }
    }

    /// <summary>Turns it on.</summary>
    /// <inheritdoc cref="IsLit" path="/exception"/>
    public void On() => IsLit = true;

    /// <summary>Turns it off.</summary>
    /// <inheritdoc cref="IsLit" path="/exception"/>
    public void Off() => IsLit = false;

    /// <summary>Turns it on if it is off now, and off if it is on, in mid-blink too.</summary>
    /// <inheritdoc cref="IsLit" path="/exception"/>
    public void Toggle() => IsLit = !IsLit;

    /// <summary>Blinks in the background, starting with on, by absolute times.</summary>
    /// <param name="on">How long it is on; 1 s unless given.</param>
    /// <param name="off">How long it is off then; 1 s unless given.</param>
    /// <param name="count">How often; without end unless given.</param>
    /// <returns>A daemon: awaited, it ends when the blink does, by its count or by a write. Killed, the LED is off.</returns>
    /// <exception cref="ArgumentException">A time is negative, all are zero, or <paramref name="count"/> is below 1.</exception>
    public Coroutine Blink(TimeSpan? on = null, TimeSpan? off = null, int? count = null)
    {
        BlinkPattern pattern = new(on ?? TimeSpan.FromSeconds(1), off ?? TimeSpan.FromSeconds(1), count);
        ThrowIfDisposed();
        return _work.Start("blink", work => pattern.RunAsync(work, Write));
    }

    /// <summary>Turns it on for a time, then off; returns then, or when a write has ended it before.</summary>
    /// <param name="length">More than zero.</param>
    /// <exception cref="ArgumentException">The length is not more than zero.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    public Task PulseAsync(TimeSpan length)
    {
        BlinkPattern pattern = new(length, TimeSpan.Zero, count: 1);
        ThrowIfDisposed();
        return _work.RunAsync("pulse", work => pattern.RunAsync(work, Write));
    }

    /// <summary>Shows each value as it comes: <c>led.FollowAsync(button.Values())</c>. Returns when there are no more, or a write has
    /// ended it; the LED stays as it is then.</summary>
    /// <exception cref="IOException">The chip is gone, or failed. Errors of the source come through too.</exception>
    public Task FollowAsync(IAsyncEnumerable<bool> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ThrowIfDisposed();
        return _work.RunAsync("follow", work => work.FollowAsync(values, lit => Write(lit ? 1 : 0)));
    }

    /// <summary>Ends what drives it, drives the safe level and gives the line back.</summary>
    public void Dispose()
    {
        _work.Take();
        _line.Dispose();
    }

    private void Write(double value) => _line.Value = value;

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_line.IsDisposed, this);
}
