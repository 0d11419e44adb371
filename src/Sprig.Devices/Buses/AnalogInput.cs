using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Devices.Buses;

/// <summary>Something that is measured as a number: a voltage, the position of a knob.</summary>
/// <remarks>Any thread, but coroutines alone can wait. The unit is that of what measures: volts of an
/// <see cref="IioAnalogInput"/>, or what the function of <see cref="FromLane"/> gives.</remarks>
public abstract class AnalogInput : IDisposable
{
    /// <summary>Measures in a lane by any synchronous code, as that of a binding.</summary>
    /// <param name="lane">The lane of its bus; it stays the caller's.</param>
    /// <param name="read">Runs in the lane.</param>
    /// <example><code>
    /// Mcp3008 adc = new(spi);                                             // on a SprigSpiDevice
    /// AnalogInput knob = AnalogInput.FromLane(spi.Lane, () => adc.Read(0) / 1023.0);
    /// </code></example>
    public static AnalogInput FromLane(Lane lane, Func<double> read)
    {
        ArgumentNullException.ThrowIfNull(lane);
        ArgumentNullException.ThrowIfNull(read);
        return new LaneInput(lane, read);
    }

    /// <summary>Measures once.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">It can't be measured.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public abstract Task<double> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Measures again and again, without end: at each beat that the consumer is there for, now first.</summary>
    /// <param name="period">From one measurement to the next, without drift.</param>
    /// <param name="cancellationToken">Ends it, at the next beat or in the middle of a measurement.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is below 1 microsecond.</exception>
    public IAsyncEnumerable<double> Values(TimeSpan period, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromMicroseconds(1));
        return MeasureAsync(period, cancellationToken);
    }

    /// <summary>Measures no more.</summary>
    public abstract void Dispose();

    private async IAsyncEnumerable<double> MeasureAsync(TimeSpan period, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Ticker beat = new(period);
        while (true)
        {
            yield return await ReadAsync(cancellationToken);
            await beat.NextAsync();
        }
    }

    private sealed class LaneInput(Lane lane, Func<double> read) : AnalogInput
    {
        private bool _isDisposed;

        public override Task<double> ReadAsync(CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return lane.RunAsync(read, cancellationToken);
        }

        public override void Dispose() => _isDisposed = true;
    }
}
