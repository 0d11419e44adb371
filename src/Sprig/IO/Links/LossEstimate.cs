namespace Sprig.IO.Links;

/// <summary>How lossy the line is, by what became of the frames sent, and how long frames had best be.</summary>
/// <remarks>Where a byte is lost or damaged with probability p, a frame of n arrives with (1-p)^n: long ones nearly never, while
/// short ones are mostly overhead. The goodput of L bytes with h of overhead, L/(L+h) (1-p)^(L+h), is highest where
/// L (L+h) = h/-ln(1-p).</remarks>
internal sealed class LossEstimate
{
    /// <summary>Old outcomes fade: the memory is of about so many frames.</summary>
    private const double Memory = 256;

    // What is known before the first: a line of 1 byte in 1000, held lightly.
    private double _frames = 4;
    private double _bytes = 4 * 60;
    private double _lost = 4 * 0.06;

    /// <summary>The probability that a byte is lost or damaged, as far as frames can tell.</summary>
    internal double PerByte { get; private set; } = 0.001;

    /// <summary>Notes what became of a frame of so many bytes on the line.</summary>
    internal void Add(int length, bool arrived)
    {
        const double Fade = 1 - 1 / Memory;
        _frames = _frames * Fade + 1;
        _bytes = _bytes * Fade + length;
        _lost = _lost * Fade + (arrived ? 0 : 1);
        // All lost says "very lossy", not "infinitely so".
        double rate = Math.Min(0.98, _lost / _frames);
        PerByte = 1 - Math.Pow(1 - rate, _frames / _bytes);
    }

    /// <summary>The best number of bytes for a frame that has so many of overhead.</summary>
    internal int BestPayload(int overhead, int least, int most)
    {
        double decay = -Math.Log(1 - PerByte);
        if (decay < 1e-7)
            return most;
        double best = (Math.Sqrt((double)overhead * overhead + 4 * overhead / decay) - overhead) / 2;
        return (int)Math.Clamp(best, least, most);
    }
}
