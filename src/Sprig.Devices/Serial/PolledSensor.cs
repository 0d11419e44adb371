using Sprig.Scheduling;

namespace Sprig.Devices.Serial;

/// <summary>A sensor that a <see cref="SerialPoller"/> asks: <see cref="PolledSensor{T}"/> without its values.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class PolledSensor
{
    private readonly TimeSpan _slowest;
    private MonotonicTime _start;
    private long _index;

    private protected PolledSensor(string name, TimeSpan period, TimeSpan slowest, PolledSensorOptions options)
    {
        Name = name;
        Period = period;
        _slowest = slowest;
        Options = options;
        StaleAfter = options.StaleAfter ?? 3 * period;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How often it is asked while it answers.</summary>
    public TimeSpan Period { get; }

    /// <summary>How often it is asked now: twice the period after a failure, and so on, up to the poller's <see cref="SerialPoller.SlowestPeriod"/>.</summary>
    public TimeSpan CurrentPeriod => Step * Period;

    /// <summary>How old its value may get.</summary>
    public TimeSpan StaleAfter { get; }

    /// <summary>Whether there is no value, or one that is older than <see cref="StaleAfter"/>.</summary>
    public abstract bool IsStale { get; }

    /// <summary>Whether its last poll failed, with the retries.</summary>
    public bool IsFailing { get; internal set; }

    /// <summary>What became of the requests.</summary>
    public SensorStatistics Statistics { get; } = new();

    internal PolledSensorOptions Options { get; }

    /// <summary>Periods from one poll to the next.</summary>
    private long Step { get; set; } = 1;

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal abstract IEventSource Events { get; }

    /// <summary>Whether code of the user's asks it, with timeouts and retries of its own.</summary>
    internal abstract bool AsksItself { get; }

    internal void Start() => _start = MonotonicTime.Now;

    /// <summary>Waits until it is due: at start + n x period, also after failures, so that the polls of a sensor that is back are where they
    /// were before.</summary>
    internal async Task UntilDueAsync() => await Coroutine.SleepUntil(DueOf(_index));

    internal void OnPolled(bool isFailing, bool growsPeriod)
    {
        IsFailing = isFailing;
        long most = Math.Max(_slowest.Ticks / Period.Ticks, 1);
        Step = !isFailing ? 1 : growsPeriod ? Math.Min(Step * 2, most) : Step;
        _index += Step;
        TimeSpan late = MonotonicTime.Now - DueOf(_index);
        if (late < Period)
            return;
        long missed = late.Ticks / Period.Ticks;
        Statistics.Missed += missed;
        _index += missed;
    }

    /// <summary>One request, from its turn on the line to the answer; throws what failed.</summary>
    internal abstract Task AskAsync(SerialPoller poller);

    /// <summary>Tells when the value has become stale, until it is killed.</summary>
    internal abstract Task WatchAsync();

    private MonotonicTime DueOf(long index) => _start + index * Period;
}
