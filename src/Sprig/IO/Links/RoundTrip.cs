namespace Sprig.IO.Links;

/// <summary>How long an answer takes, measured, and how long to wait for one that does not come.</summary>
internal sealed class RoundTrip
{
    private const long Millisecond = 1_000_000;

    /// <summary>Short: what is sent again in vain costs a frame, and a line that waits for nothing costs more.</summary>
    private const long Least = 3 * Millisecond;
    private const long Most = 2_000 * Millisecond;
    private const long BeforeAnySample = 300 * Millisecond;
    private const int MaxBackOff = 10;

    /// <summary>So often in a row is nothing unusual on a noisy line, and no reason to wait longer.</summary>
    private const int Patient = 2;

    private long _variation;
    private int _backOff;

    /// <summary>Smoothed; 0 before the first sample. Nanoseconds, as all here.</summary>
    internal long Smoothed { get; private set; }

    /// <summary>The shortest so far.</summary>
    internal long Shortest { get; private set; } = long.MaxValue;

    /// <summary>How long to wait before sending again.</summary>
    internal long Timeout => Math.Min(Most, Base << Math.Max(0, _backOff - Patient));

    private long Base => Smoothed == 0 ? BeforeAnySample : Math.Clamp(Smoothed + 4 * _variation, Least, Most);

    internal void Add(long sample)
    {
        _backOff = 0;
        Shortest = Math.Min(Shortest, sample);
        if (Smoothed == 0)
        {
            Smoothed = Math.Max(1, sample);
            _variation = sample / 2;
            return;
        }

        _variation += (Math.Abs(sample - Smoothed) - _variation) / 4;
        Smoothed += (sample - Smoothed) / 8;
    }

    /// <summary>Nothing came in time: the next wait is twice as long, until there is a sample again.</summary>
    internal void BackOff() => _backOff = Math.Min(MaxBackOff, _backOff + 1);
}
