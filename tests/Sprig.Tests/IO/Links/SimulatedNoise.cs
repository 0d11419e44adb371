namespace Sprig.Tests.IO.Links;

/// <summary>What a simulated line does to bytes.</summary>
internal sealed record SimulatedNoise(double Drop = 0, double Corrupt = 0, double Insert = 0)
{
    internal double BytesPerSecond { get; init; } = 11_520;

    /// <summary>Nanoseconds.</summary>
    internal long Latency { get; init; } = 1_000_000;

    internal long NanosecondsOf(int bytes) => (long)(bytes / BytesPerSecond * 1e9);

    internal byte[] Disturb(byte[] bytes, Random random)
    {
        List<byte> result = new(bytes.Length + 8);
        foreach (byte b in bytes)
        {
            double draw = random.NextDouble();
            if (draw < Drop)
                continue;
            draw -= Drop;
            result.Add(draw < Corrupt ? (byte)(b ^ (1 << random.Next(8))) : b);
            draw -= Corrupt;
            if (draw >= 0 && draw < Insert)
                result.Add((byte)random.Next(256));
        }

        return [.. result];
    }
}
