using System.IO.Hashing;
using Nerdbank.Streams;
using Sprig.IO;
using Sprig.IO.Links;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>Several channels over one lossy serial line: Nerdbank's MultiplexingStream over a link over two ports on a pty pair.</summary>
public class LinkChannelsTests
{
    private const int Channels = 4;

    // A loaded machine may take its time; only a transfer that hangs meets it.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    [Fact]
    public void Ten_megabytes_come_whole_at_one_percent_loss()
        => Transfer(10_000_000, new LineNoise { DropRate = 0.01, CorruptRate = 0.001 }, seed: 1);

    [Fact]
    public void They_come_whole_where_one_percent_of_the_bytes_are_damaged()
        => Transfer(1_000_000, new LineNoise { CorruptRate = 0.01 }, seed: 2);

    [Fact]
    public void They_come_whole_where_bytes_are_lost_damaged_and_added_and_bursts_come()
        => Transfer(500_000, new LineNoise { DropRate = 0.003, CorruptRate = 0.003, InsertRate = 0.003, BurstRate = 0.0005 }, seed: 3);

    [Fact]
    public void They_come_whole_whatever_the_seed()
        => Transfer(300_000, new LineNoise { DropRate = 0.01, CorruptRate = 0.002 }, Random.Shared.Next());

    /// <summary>Sends so many bytes over all channels and both directions together.</summary>
    private static void Transfer(int amount, LineNoise noise, int seed) => Run(async () =>
    {
        using NoisyLine line = NoisyLine.BetweenPorts(noise, seed);
        Coroutine<ReliableLink> opening = Coroutine.Spawn(() => ReliableLink.OpenAsync(SerialPort.Open(line.FirstPath!)));
        ReliableLink second = await ReliableLink.OpenAsync(SerialPort.Open(line.SecondPath!));
        ReliableLink first = await opening;
        MultiplexingStream.Options options = new() { ProtocolMajorVersion = 3 };
        MultiplexingStream left = MultiplexingStream.Create(new LoopStream(first), options);
        MultiplexingStream right = MultiplexingStream.Create(new LoopStream(second), options);
        List<Coroutine> work = [];
        for (int i = 0; i < Channels; i++)
        {
            int channel = i;
            work.Add(Coroutine.Spawn(async () => await Use(await left.OfferChannelAsync($"{channel}"), channel, 100 + channel)));
            work.Add(Coroutine.Spawn(async () => await Use(await right.AcceptChannelAsync($"{channel}"), 100 + channel, channel)));
        }

        await Coroutine.JoinAll(work);
        Assert.True(line.FromFirst.Dropped + line.FromFirst.Corrupted > 100, $"seed {seed}: {line.FromFirst}");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {first.Statistics}");
        Coroutine ending = Coroutine.Spawn(() => left.DisposeAsync());
        await right.DisposeAsync();
        await ending;

        async Task Use(MultiplexingStream.Channel channel, int sent, int received)
        {
            int thread = Environment.CurrentManagedThreadId;
            int size = amount / Channels / 2;
            Stream stream = channel.AsStream();
            Coroutine writing = Coroutine.Spawn(() => WriteAsync(stream, sent, size));
            ulong hash = await ReadAsync(stream, size, thread);
            await writing;
            Assert.True(hash == XxHash64.HashToUInt64(Bytes(received, size)), $"seed {seed}: channel {received} of {size} bytes came damaged.");
        }
    });

    private static void Run(Func<Task> body)
        => CoroutineScheduler.Run(() => Deadline.RunAsync(s_limit, body), new SchedulerOptions { HandleSignals = false });

    private static async Task WriteAsync(Stream stream, int seed, int size)
    {
        Memory<byte> data = Bytes(seed, size);
        for (int at = 0; at < size; at += 5000)
            await stream.WriteAsync(data[at..Math.Min(size, at + 5000)]);
    }

    private static async Task<ulong> ReadAsync(Stream stream, int size, int thread)
    {
        XxHash64 hash = new();
        byte[] buffer = new byte[8192];
        for (int left = size; left > 0;)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)));
            if (count == 0)
                Assert.Fail($"The channel ended {left} bytes early.");
            if (Environment.CurrentManagedThreadId != thread)
                Assert.Fail("A coroutine went on on a thread of the pool.");
            hash.Append(buffer.AsSpan(0, count));
            left -= count;
        }

        return hash.GetCurrentHashAsUInt64();
    }

    private static byte[] Bytes(int seed, int size) => LinkBench.Data(size, seed);
}
