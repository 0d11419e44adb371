namespace Sprig.IO;

/// <summary>What holds for all lines of one request.</summary>
public sealed record GpioRequestOptions
{
    /// <summary>Who holds the lines, as others see it; 31 bytes of it.</summary>
    public string Consumer { get; init; } = "sprig";

    /// <summary>How many edges are kept for a slow reader, of all its lines together, 1 to 1024; of more the oldest are lost, and
    /// counted. 256 unless set.</summary>
    public int EdgeBuffer { get; init; } = 256;

    internal void ThrowIfUnfit()
    {
        ArgumentNullException.ThrowIfNull(Consumer);
        if (EdgeBuffer is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(EdgeBuffer), EdgeBuffer, "The kernel keeps 1 to 1024 edges for a request.");
    }
}
