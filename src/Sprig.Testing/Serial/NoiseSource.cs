namespace Sprig.Testing.Serial;

/// <summary>The noise of one direction: what it does follows from the seed and the place of the byte, not from the pieces the bytes
/// come in.</summary>
internal sealed class NoiseSource
{
    private readonly LineNoise _noise;
    private readonly Random _random;
    private readonly double _decay;
    private long _untilNext;
    private int _burstLeft;

    internal NoiseSource(LineNoise noise, int seed)
    {
        _noise = noise;
        // With a seed its numbers are the same on every machine and in every version.
        _random = new Random(seed);
        _decay = Math.Log(1 - Math.Min(noise.TotalRate, 1 - 1e-12));
        _untilNext = NextGap();
    }

    internal NoiseCounts Counts { get; private set; }

    /// <summary>The most bytes that so many can become.</summary>
    internal static int MostOf(int count) => 2 * count;

    /// <summary>What comes out at the other end.</summary>
    /// <returns>How many bytes.</returns>
    internal int Disturb(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        NoiseCounts counts = Counts with { Bytes = Counts.Bytes + bytes.Length };
        int written = 0;
        while (!bytes.IsEmpty)
        {
            if (_burstLeft == 0 && _untilNext > 0)
            {
                int clean = (int)Math.Min(bytes.Length, _untilNext);
                bytes[..clean].CopyTo(output[written..]);
                written += clean;
                _untilNext -= clean;
                bytes = bytes[clean..];
                continue;
            }

            byte value = bytes[0];
            bytes = bytes[1..];
            if (_burstLeft == 0)
                Strike(value, output, ref written, ref counts);
            else
                Burst(value, output, ref written, ref counts);
        }

        Counts = counts;
        return written;
    }

    /// <summary>So many bytes were lost since the line is cut: the noise goes on where it was.</summary>
    internal void Lose(int count)
        => Counts = Counts with { Bytes = Counts.Bytes + count, Dropped = Counts.Dropped + count };

    private void Strike(byte value, Span<byte> output, ref int written, ref NoiseCounts counts)
    {
        _untilNext = NextGap();
        double kind = _random.NextDouble() * _noise.TotalRate;
        if ((kind -= _noise.DropRate) < 0)
        {
            counts = counts with { Dropped = counts.Dropped + 1 };
        }
        else if ((kind -= _noise.CorruptRate) < 0)
        {
            output[written++] = (byte)(value ^ (1 << _random.Next(8)));
            counts = counts with { Corrupted = counts.Corrupted + 1 };
        }
        else if ((kind -= _noise.InsertRate) < 0)
        {
            output[written++] = (byte)_random.Next(256);
            output[written++] = value;
            counts = counts with { Inserted = counts.Inserted + 1 };
        }
        else
        {
            _burstLeft = _noise.BurstLength;
            counts = counts with { Bursts = counts.Bursts + 1 };
            Burst(value, output, ref written, ref counts);
        }
    }

    private void Burst(byte value, Span<byte> output, ref int written, ref NoiseCounts counts)
    {
        _burstLeft--;
        if (_random.Next(2) == 0)
        {
            counts = counts with { Dropped = counts.Dropped + 1 };
            return;
        }

        output[written++] = (byte)(value ^ _random.Next(1, 256));
        counts = counts with { Corrupted = counts.Corrupted + 1 };
    }

    /// <summary>How many bytes pass before the next event: as if each byte had drawn for itself, at the price of one draw.</summary>
    private long NextGap()
    {
        if (_noise.TotalRate == 0)
            return long.MaxValue;
        double gap = Math.Log(1 - _random.NextDouble()) / _decay;
        return gap >= long.MaxValue ? long.MaxValue : (long)gap;
    }
}
