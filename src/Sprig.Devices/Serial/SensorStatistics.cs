namespace Sprig.Devices.Serial;

/// <summary>What became of the requests to one sensor.</summary>
/// <remarks>Each request that was asked is answered, or is one of the four kinds of failure; but for one that is under way, or was cut off
/// when the poller ended.</remarks>
public sealed class SensorStatistics
{
    private TimeSpan _total;

    /// <summary>Requests, those that were sent again too.</summary>
    public long Asked { get; internal set; }

    /// <summary>Good answers.</summary>
    public long Answered { get; private set; }

    /// <summary>Requests to which nothing came in time.</summary>
    public long Timeouts { get; private set; }

    /// <summary>Answers that were cut, garbled, or made no sense.</summary>
    public long Malformed { get; private set; }

    /// <summary>Requests that failed because the line did: it was unplugged.</summary>
    public long LineErrors { get; private set; }

    /// <summary>Requests that failed otherwise: the sensor refused, or code of the user's threw.</summary>
    public long OtherErrors { get; private set; }

    /// <summary>Requests that were sent again.</summary>
    public long Retries { get; internal set; }

    /// <summary>Polls that were left out, because the one before took longer than a period.</summary>
    public long Missed { get; internal set; }

    /// <summary>What failed last; it stays when the sensor answers again.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>The quickest answer; zero before the first.</summary>
    public TimeSpan ShortestResponse { get; private set; }

    /// <summary>The mean of all; zero before the first.</summary>
    public TimeSpan MeanResponse => Answered == 0 ? TimeSpan.Zero : _total / Answered;

    /// <summary>The slowest answer.</summary>
    public TimeSpan LongestResponse { get; private set; }

    /// <summary>"12 of 14 answered, 1 timeout ...".</summary>
    public override string ToString() => $"{Answered} of {Asked} answered in {MeanResponse.TotalMilliseconds:0.#} ms (at most "
        + $"{LongestResponse.TotalMilliseconds:0.#}), {Timeouts} timeouts, {Malformed} malformed, {LineErrors + OtherErrors} other errors";

    internal void OnAnswer(TimeSpan time)
    {
        ShortestResponse = Answered == 0 || time < ShortestResponse ? time : ShortestResponse;
        LongestResponse = time > LongestResponse ? time : LongestResponse;
        _total += time;
        Answered++;
    }

    internal void OnFailure(PollFailure kind, Exception error)
    {
        LastError = error;
        switch (kind)
        {
            case PollFailure.Timeout:
                Timeouts++;
                break;
            case PollFailure.Malformed:
                Malformed++;
                break;
            case PollFailure.Line:
                LineErrors++;
                break;
            default:
                OtherErrors++;
                break;
        }
    }
}
