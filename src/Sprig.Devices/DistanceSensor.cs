using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Devices;

/// <summary>An ultrasonic distance sensor, the HC-SR04: a pulse on its trigger, and its echo line is high for as long as the sound was
/// under way.</summary>
/// <remarks>Loop thread only. The echo is measured between the kernel's stamps of its two edges, so that other work on the loop does
/// not stretch it, and nothing waits busily for it. The trigger pulse alone is timed by a loop of 10 us, the shortest that the
/// sensor takes. Its echo line has 5 V: a board of 3.3 V needs a divider between.</remarks>
public sealed class DistanceSensor : IDisposable
{
    private static readonly TimeSpan s_trigger = TimeSpan.FromMicroseconds(10);

    /// <summary>From one trigger to the next: the sensor's own echoes have died away by then.</summary>
    private static readonly TimeSpan s_cycle = TimeSpan.FromMilliseconds(60);

    private readonly GpioOutput _trigger;
    private readonly GpioInput _echo;
    private readonly AsyncLock _turn;
    private MonotonicTime _next = new(long.MinValue);
    private double _temperature = 20;
    private double _maximumDistance = 4;

    /// <summary>A sensor on two lines that are its own from now on.</summary>
    /// <param name="trigger">Given back when the sensor is disposed of.</param>
    /// <param name="echo">Given back when the sensor is disposed of. Nobody else may wait for its edges.</param>
    public DistanceSensor(GpioOutput trigger, GpioInput echo)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        ArgumentNullException.ThrowIfNull(echo);
        (_trigger, _echo) = (trigger, echo);
        _turn = new AsyncLock($"the distance sensor on line {echo.Line}");
    }

    /// <summary>A sensor on two lines of a chip.</summary>
    /// <inheritdoc cref="GpioChip.OpenOutput" path="/exception"/>
    public DistanceSensor(GpioChip chip, int trigger, int echo)
    {
        ArgumentNullException.ThrowIfNull(chip);
        _trigger = chip.OpenOutput(trigger);
        try
        {
            _echo = chip.OpenInput(echo);
            _turn = new AsyncLock($"the distance sensor on line {echo}");
        }
        catch
        {
            _trigger.Dispose();
            throw;
        }
    }

    /// <summary>Of the air, in degrees Celsius; 20 unless set. Sound is faster in warm air, 0.17 % a degree.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between -100 and 100.</exception>
    public double Temperature
    {
        get => _temperature;
        set => _temperature = Between.Check(value, -100, 100);
    }

    /// <summary>In metres; an echo from farther away counts as none. 4 unless set, which is what the HC-SR04 is made for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0.02 and 6.</exception>
    public double MaximumDistance
    {
        get => _maximumDistance;
        set => _maximumDistance = Between.Check(value, 0.02, 6);
    }

    /// <summary>Of sound, in metres a second.</summary>
    private double Speed => 331.3 * Math.Sqrt(1 + _temperature / 273.15);

    /// <summary>Measures once. Several coroutines may ask: one after the other, 60 ms apart.</summary>
    /// <returns>In metres; null when nothing is within <see cref="MaximumDistance"/>.</returns>
    /// <exception cref="TimeoutException">The sensor does not answer: check power and wires.</exception>
    /// <exception cref="IOException">The chip is gone, or failed.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public async ValueTask<double?> ReadAsync()
    {
        using (await _turn.AcquireAsync())
        {
            await Coroutine.SleepUntil(_next);
            // One that saw nothing holds its echo for up to 200 ms.
            bool fell = await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(250), () => _echo.WaitForLevelAsync(false).AsTask());
            // The loop may be late, and not the fall.
            if (!fell && _echo.Read())
                throw NoAnswer("holds its echo line high");
            MonotonicTime start = MonotonicTime.Now;
            _next = start + s_cycle;
            Trigger();
            Echo echo = new(start);
            bool isLate = !await Deadline.TryRunAsync(s_cycle, async () =>
            {
                while (!echo.Add(await _echo.WaitForEdgeAsync()))
                {
                }
            });
            // Again, it may be the loop.
            while (isLate && await InputLine.TakePresentAsync(Look) is { } edge)
                isLate = !echo.Add(edge);
            if (!echo.HasBegun)
                throw NoAnswer("does not answer its trigger");
            return echo.Width is { } time && time.TotalSeconds * Speed / 2 is var distance && distance <= _maximumDistance ? distance : null;
        }
    }

    /// <summary>Measures again and again, without end; for <c>await foreach</c>, and to be followed.</summary>
    /// <param name="period">The time between two measurements, which start at absolute times; at least 60 ms.</param>
    /// <param name="cancellationToken">Ends it between two measurements.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 60 ms.</exception>
    public IAsyncEnumerable<double?> Values(TimeSpan period, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, s_cycle);
        return ReadEachAsync(period, cancellationToken);
    }

    /// <summary>Gives the lines back; who waits gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Actuator.DisposeAll([_trigger, _echo]);

    private async IAsyncEnumerable<double?> ReadEachAsync(TimeSpan period, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (Ticker ticker = new(period); !cancellationToken.IsCancellationRequested; await ticker.NextAsync())
            yield return await ReadAsync();
    }

    private ValueTask<GpioEdge> Look(CancellationToken enough) => _echo.WaitForEdgeAsync(cancellationToken: enough);

    private void Trigger()
    {
        _trigger.Write(true);
        // The machine's clock: this is for the sensor, not for the run, whose time may be virtual.
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_trigger)
            Thread.SpinWait(1);
        _trigger.Write(false);
    }

    private TimeoutException NoAnswer(string what)
        => new($"The distance sensor on line {_echo.Line} {what}; check its power, and the wires of trigger and echo.");

    /// <summary>The answer to one trigger.</summary>
    private sealed class Echo(MonotonicTime start)
    {
        private MonotonicTime _rise;

        internal bool HasBegun { get; private set; }

        internal TimeSpan? Width { get; private set; }

        /// <returns>Whether it is over.</returns>
        internal bool Add(in GpioEdge edge)
        {
            // Edges from before the trigger are those of a measurement that was cut off.
            if (edge.Timestamp < start || edge.IsRising == HasBegun)
                return false;
            if (edge.IsRising)
                (HasBegun, _rise) = (true, edge.Timestamp);
            else
                Width = edge.Timestamp - _rise;
            return Width is not null;
        }
    }
}
