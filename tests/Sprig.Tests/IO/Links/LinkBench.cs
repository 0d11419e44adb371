using Sprig.IO.Links;
using Sprig.Scheduling;
using Sprig.Testing.Serial;

namespace Sprig.Tests.IO.Links;

/// <summary>Two links at the ends of a noisy line in memory, and what tests do with them.</summary>
internal sealed class LinkBench : IAsyncDisposable
{
    private LinkBench(NoisyLine line, ReliableLink left, ReliableLink right)
    {
        Line = line;
        Left = left;
        Right = right;
    }

    internal NoisyLine Line { get; }

    internal ReliableLink Left { get; }

    internal ReliableLink Right { get; }

    internal static async Task<LinkBench> OpenAsync(LineNoise? noise = null, int seed = 1, int? baudRate = null, ReliableLinkOptions? options = null)
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(noise ?? LineNoise.None, seed, baudRate);
        (ReliableLink left, ReliableLink right) = await OpenBoth(first, second, options);
        return new LinkBench(line, left, right);
    }

    internal static async Task<(ReliableLink Left, ReliableLink Right)> OpenBoth(Stream first, Stream second, ReliableLinkOptions? options = null)
    {
        options ??= new ReliableLinkOptions();
        Coroutine<ReliableLink> left = Coroutine.Spawn(() => ReliableLink.OpenAsync(first, options with { Name = "left" }));
        ReliableLink right = await ReliableLink.OpenAsync(second, options with { Name = "right" });
        return (await left, right);
    }

    /// <summary>Bytes of which each follows from the seed and its place.</summary>
    internal static byte[] Data(int count, int seed = 0)
    {
        byte[] data = new byte[count];
        new Random(seed).NextBytes(data);
        return data;
    }

    public async ValueTask DisposeAsync()
    {
        Coroutine left = Coroutine.Spawn(() => Left.DisposeAsync());
        await Right.DisposeAsync();
        await left;
        Line.Dispose();
    }
}
