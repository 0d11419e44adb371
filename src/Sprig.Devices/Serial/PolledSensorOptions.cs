namespace Sprig.Devices.Serial;

/// <summary>What one sensor of a <see cref="SerialPoller"/> has otherwise than the others.</summary>
public sealed record PolledSensorOptions
{
    /// <summary>How long an answer may take; the poller's unless set.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often it is asked again, without waiting for the next period; the poller's unless set.</summary>
    public int? Retries { get; init; }

    /// <summary>How old its value may get before it is stale: three periods unless set; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan? StaleAfter { get; init; }
}
