using System.Globalization;

namespace Sprig.Cli.Serial;

/// <summary>Pseudo-random bytes without an end, told by a seed: the byte at any place can be asked for.</summary>
internal sealed class Pattern(long seed)
{
    internal byte this[long place] => (byte)(Mix(place >> 3) >> (int)((place & 7) * 8));

    /// <summary>The bytes from a place on.</summary>
    internal void Fill(long place, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = this[place + i];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {seed}");

    // SplitMix64: neighbours have nothing in common.
    private ulong Mix(long block)
    {
        ulong value = unchecked((ulong)seed * 0xD1342543DE82EF95 + (ulong)(block + 1) * 0x9E3779B97F4A7C15);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
