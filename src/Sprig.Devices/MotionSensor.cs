using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Devices;

/// <summary>A motion sensor with a digital output, as the HC-SR501: its line is active while something moves.</summary>
/// <remarks>Loop thread only, in a run. How long it stays active after a movement is set on the sensor itself; one that has just got power
/// needs up to a minute before it tells the truth. Any number of coroutines listen; see <see cref="DeviceEvents{T}"/>.</remarks>
public sealed class MotionSensor : IDisposable
{
    private readonly GpioInput _input;
    private readonly Decoder _decoder;
    private readonly DeviceEvents<bool> _changes;

    /// <summary>A sensor on an input that is its own from now on. Active is motion.</summary>
    /// <param name="input">Given back when the sensor is disposed of. Nobody else may wait for its edges.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; the input is still the caller's.</exception>
    public MotionSensor(GpioInput input)
        : this(input, isOwn: false)
    {
    }

    /// <summary>A sensor on a line of a chip, high for motion.</summary>
    /// <param name="chip">Where the line is.</param>
    /// <param name="line">Its offset in the chip.</param>
    /// <param name="pullDown">Hold the line low while nothing is connected; the sensor drives it both ways.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread; no line is held.</exception>
    /// <inheritdoc cref="GpioChip.OpenInput" path="/exception"/>
    public MotionSensor(GpioChip chip, int line, bool pullDown = true)
        : this(InputLine.Open(chip, line, new GpioInputOptions { Bias = pullDown ? GpioBias.PullDown : GpioBias.AsIs }), isOwn: true)
    {
    }

    private MotionSensor(GpioInput input, bool isOwn)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        string name = $"the motion sensor on line {input.Line}";
        MotionStarted = new DeviceEvents<MonotonicTime>($"MotionStarted of {name}");
        MotionEnded = new DeviceEvents<MonotonicTime>($"MotionEnded of {name}");
        _changes = new DeviceEvents<bool>($"Values of {name}");
        try
        {
            IsMotion = input.Read();
            _decoder = new Decoder(name, input, [MotionStarted, MotionEnded, _changes], DecodeAsync);
        }
        catch when (isOwn)
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>The line's offset in its chip.</summary>
    public int Line => _input.Line;

    /// <summary>Whether there is motion, by the last edge that was read.</summary>
    public bool IsMotion { get; private set; }

    /// <summary>Motion began: when, by the kernel's stamp.</summary>
    public DeviceEvents<MonotonicTime> MotionStarted { get; }

    /// <summary>Motion is over: when, by the kernel's stamp.</summary>
    public DeviceEvents<MonotonicTime> MotionEnded { get; }

    /// <summary>Returns at once when there is motion, else when it begins. The next beginning is
    /// <c>MotionStarted.NextAsync()</c>.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The sensor was disposed of.</exception>
    public ValueTask WaitForMotionAsync(CancellationToken cancellationToken = default)
        => _decoder.WaitUntilAsync(() => IsMotion, MotionStarted, cancellationToken);

    /// <summary>Returns at once when there is none, else when it ends. The next end is <c>MotionEnded.NextAsync()</c>.</summary>
    /// <inheritdoc cref="WaitForMotionAsync"/>
    public ValueTask WaitForNoMotionAsync(CancellationToken cancellationToken = default)
        => _decoder.WaitUntilAsync(() => !IsMotion, MotionEnded, cancellationToken);

    /// <summary>Whether there is motion: now, and then each change. For <c>led.FollowAsync(sensor.Values())</c>.</summary>
    public IAsyncEnumerable<bool> Values() => InputLine.ValuesAsync(() => IsMotion, _changes, static value => value);

    /// <summary>Gives the line back; streams end, waits throw.</summary>
    public void Dispose() => _decoder.Dispose();

    private async Task DecodeAsync()
    {
        while (true)
        {
            GpioEdge edge = await _input.WaitForEdgeAsync();
            if (edge.IsRising == IsMotion)
                continue;
            IsMotion = edge.IsRising;
            (IsMotion ? MotionStarted : MotionEnded).Publish(edge.Timestamp);
            if (!_decoder.IsDisposed)
                _changes.Publish(edge.IsRising);
        }
    }
}
