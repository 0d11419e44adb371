namespace Sprig.IO.Links;

/// <summary>How many bytes may be on their way at once: enough to keep the line busy, few enough that they don't queue up before
/// it. Loss says nothing about that on a line that is just noisy, so it goes by the delay alone.</summary>
/// <remarks>What queues up makes the round trip longer than the shortest one seen. The limit grows while that is well below
/// <see cref="Target"/>, and shrinks above it: a frame that must be sent again then never waits behind much more than that.</remarks>
internal sealed class FlightLimit
{
    /// <summary>Nanoseconds of queue that are fine.</summary>
    private const long Target = 25_000_000;
    private const int LeastFrames = 3;

    /// <summary>Enough short frames that not all of them are lost at once.</summary>
    private const int LeastBytes = 300;

    private readonly int _most;
    private double _limit = LeastBytes;
    private bool _grownOnce;

    internal FlightLimit(int most) => _most = most;

    /// <summary>Bytes on the line.</summary>
    internal int Bytes(int frame) => (int)Math.Max(_limit, Least(frame));

    /// <summary>Notes a round trip.</summary>
    /// <param name="queued">How much longer it was than the shortest, in nanoseconds.</param>
    /// <param name="acknowledged">Bytes that were.</param>
    /// <param name="frame">Bytes of a frame on the line.</param>
    /// <param name="wasFull">Whether the limit held something back: if not, it is high enough.</param>
    internal void Add(long queued, int acknowledged, int frame, bool wasFull)
    {
        double off = Math.Clamp((Target - queued) / (double)Target, -1, 1);
        if (off < 0)
            _grownOnce = true;
        if (off > 0 && !wasFull)
            return;
        double step = !_grownOnce && off > 0.5 ? acknowledged : off * acknowledged * Math.Max(frame / _limit, 1 / 16.0);
        _limit = Math.Clamp(_limit + step, Least(frame), _most);
    }

    private static int Least(int frame) => Math.Max(LeastFrames * frame, LeastBytes);
}
