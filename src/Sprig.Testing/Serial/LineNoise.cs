namespace Sprig.Testing.Serial;

/// <summary>What a <see cref="NoisyLine"/> does to the bytes of one direction. All rates are per byte: 0.01 is one byte in a hundred.</summary>
public sealed record LineNoise
{
    /// <summary>How many bytes vanish.</summary>
    public double DropRate { get; init; }

    /// <summary>How many bytes get one bit flipped.</summary>
    public double CorruptRate { get; init; }

    /// <summary>Before how many bytes a random one appears.</summary>
    public double InsertRate { get; init; }

    /// <summary>At how many bytes a burst begins, in which each byte is lost or becomes another, at even odds.</summary>
    public double BurstRate { get; init; }

    /// <summary>How many bytes a burst hits. 20 unless set.</summary>
    public int BurstLength { get; init; } = 20;

    /// <summary>A line that does nothing to them.</summary>
    public static LineNoise None { get; } = new();

    /// <summary>Loses so many bytes.</summary>
    public static LineNoise Dropping(double rate) => new() { DropRate = rate };

    internal double TotalRate => DropRate + CorruptRate + InsertRate + BurstRate;

    internal void ThrowIfBad()
    {
        ThrowIfBad(DropRate, nameof(DropRate));
        ThrowIfBad(CorruptRate, nameof(CorruptRate));
        ThrowIfBad(InsertRate, nameof(InsertRate));
        ThrowIfBad(BurstRate, nameof(BurstRate));
        ThrowIfBad(TotalRate, "the sum of the rates");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BurstLength);
    }

    private static void ThrowIfBad(double rate, string name)
    {
        if (!(rate is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, rate, "A rate is from 0 to 1.");
    }
}
