using System.Diagnostics.CodeAnalysis;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Devices.Serial;

/// <summary>A sensor that a <see cref="SerialPoller"/> asks: <c>await foreach</c> gives each answer from now on, and, marked, the last one
/// again when it has become stale. Any number may listen.</summary>
/// <remarks>The streams end when the poller does. One that is 1024 readings behind is cut off: see <see cref="DeviceEvents{T}"/>.</remarks>
/// <typeparam name="T">What it says.</typeparam>
public sealed class PolledSensor<T> : PolledSensor, IAsyncEnumerable<Reading<T>>
{
    private readonly Latest<Reading<T>> _latest;
    private readonly DeviceEvents<Reading<T>> _readings;
    private readonly DeviceEvents<Reading<T>> _all;
    private readonly SerialRequest<T>? _request;
    private readonly Func<ValueTask<T>>? _ask;

    internal PolledSensor(
        string name, TimeSpan period, TimeSpan slowest, PolledSensorOptions options, DeviceEvents<Reading<T>> all, SerialRequest<T>? request, Func<ValueTask<T>>? ask)
        : base(name, period, slowest, options)
    {
        _latest = new Latest<Reading<T>>(name);
        _readings = new DeviceEvents<Reading<T>>($"readings of {name}");
        _all = all;
        _request = request;
        _ask = ask;
    }

    /// <inheritdoc/>
    public override bool IsStale => !_latest.TryGet(out Reading<T> reading)
        || (StaleAfter != Timeout.InfiniteTimeSpan && MonotonicTime.Now - reading.Time >= StaleAfter);

    /// <summary>The last answer; false where there was none yet. Whether it still holds, <see cref="IsStale"/> says.</summary>
    public bool TryGetLatest([MaybeNullWhen(false)] out Reading<T> reading) => _latest.TryGet(out reading);

    /// <summary>The last answer; waits for the first.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    public ValueTask<Reading<T>> GetLatestAsync(CancellationToken cancellationToken = default) => _latest.GetAsync(cancellationToken);

    /// <summary>Calls a handler for each reading: see <see cref="DeviceEvents{T}.Subscribe(Action{T})"/>.</summary>
    /// <returns>Dispose it to be called no more.</returns>
    public IDisposable Subscribe(Action<Reading<T>> handler) => _readings.Subscribe(handler);

    /// <summary><c>await foreach</c>: each reading from now on.</summary>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    public IAsyncEnumerator<Reading<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => _readings.GetAsyncEnumerator(cancellationToken);

    internal override IEventSource Events => _readings;

    internal override bool AsksItself => _ask is not null;

    internal override async Task AskAsync(SerialPoller poller)
    {
        MonotonicTime asked = MonotonicTime.Now;
        T value;
        if (_request is { } request)
        {
            (asked, value) = await poller.ExchangeAsync(this, request);
        }
        else
        {
            Statistics.Asked++;
            value = await _ask!();
        }

        MonotonicTime now = MonotonicTime.Now;
        Reading<T> reading = new(Name, value, now, now - asked);
        Statistics.OnAnswer(reading.ResponseTime);
        _latest.Set(reading);
        Publish(reading);
    }

    internal override async Task WatchAsync()
    {
        if (StaleAfter == Timeout.InfiniteTimeSpan)
            return;
        Reading<T> reading = await _latest.GetAsync();
        while (true)
        {
            long seen = _latest.Version;
            TimeSpan left = reading.Time + StaleAfter - MonotonicTime.Now;
            if (!await Deadline.TryRunAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, async () => await _latest.GetNewerAsync(seen)))
            {
                // Else it is being overtaken: the new one was told already.
                if (_latest.Version == seen)
                    Publish(reading with { IsStale = true });
                await _latest.GetNewerAsync(seen);
            }

            reading = _latest.Value;
        }
    }

    private void Publish(Reading<T> reading)
    {
        _readings.Publish(reading);
        _all.Publish(reading);
    }
}
