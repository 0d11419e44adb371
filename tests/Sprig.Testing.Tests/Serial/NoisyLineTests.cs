using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Testing.Tests.Serial;

public class NoisyLineTests
{
    private static readonly LineNoise s_all = new() { DropRate = 0.01, CorruptRate = 0.01, InsertRate = 0.01, BurstRate = 0.001, BurstLength = 10 };

    [Fact]
    public void Without_noise_bytes_pass_as_they_are_both_ways() => Virtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.None, seed: 1);
        using NoisyLine ends = line;
        Assert.Equal(Data(10_000), await Send(first, second, Data(10_000), 999));
        Assert.Equal(Data(10_000), await Send(second, first, Data(10_000), 10_000));
        Assert.Equal(new NoiseCounts(10_000, 0, 0, 0, 0), line.FromFirst);
    });

    [Fact]
    public void The_same_seed_does_the_same_in_whatever_pieces_the_bytes_come() => Virtually(async () =>
    {
        byte[] whole = await Pass(seed: 7, piece: 5000);
        Assert.Equal(whole, await Pass(seed: 7, piece: 1));
        Assert.Equal(whole, await Pass(seed: 7, piece: 333));
        Assert.NotEqual(whole, await Pass(seed: 8, piece: 5000));

        static async Task<byte[]> Pass(int seed, int piece)
        {
            (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(s_all, seed);
            using (line)
                return await Send(first, second, Data(5000), piece);
        }
    });

    [Fact]
    public void It_does_each_thing_about_as_often_as_was_asked_and_counts_it() => Virtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(s_all, seed: 3);
        using NoisyLine ends = line;
        byte[] received = await Send(first, second, Data(200_000), 4096);
        NoiseCounts counts = line.FromFirst;
        Assert.Equal(200_000, counts.Bytes);
        Assert.Equal(received.Length, counts.Bytes - counts.Dropped + counts.Inserted);
        Assert.InRange(counts.Inserted, 1700, 2300);
        Assert.InRange(counts.Bursts, 140, 260);
        // Half of the bytes of a burst go one way, half the other.
        Assert.InRange(counts.Dropped - 5 * counts.Bursts, 1600, 2400);
        Assert.InRange(counts.Corrupted - 5 * counts.Bursts, 1600, 2400);
    });

    [Fact]
    public void A_corrupted_byte_has_one_bit_flipped() => Virtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(new LineNoise { CorruptRate = 1 }, seed: 3);
        using NoisyLine ends = line;
        byte[] sent = Data(1000);
        byte[] received = await Send(first, second, sent, 1000);
        Assert.All(sent.Zip(received), pair => Assert.Equal(1, System.Numerics.BitOperations.PopCount((uint)(pair.First ^ pair.Second))));
    });

    [Fact]
    public void With_a_speed_it_takes_the_time_of_the_bytes()
    {
        TestClock clock = Virtually(async () =>
        {
            (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.None, seed: 1, baudRate: 9600);
            using NoisyLine ends = line;
            Coroutine writing = Coroutine.Spawn(() => first.WriteAsync(Data(9600)));
            await second.ReadExactlyAsync(new byte[9600]);
            await writing;
        });
        Assert.InRange(clock.Elapsed.TotalSeconds, 9.99, 10.02);
    }

    [Fact]
    public void A_cut_line_loses_all_and_tells_nobody_and_can_be_mended() => Virtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.None, seed: 1);
        using NoisyLine ends = line;
        line.IsCut = true;
        await first.WriteAsync(Data(500));
        await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        line.IsCut = false;
        await first.WriteAsync(new byte[] { 42 });
        byte[] buffer = new byte[10];
        Assert.Equal((1, 42), (await second.ReadAsync(buffer), buffer[0]));
        Assert.Equal(new NoiseCounts(501, 500, 0, 0, 0), line.FromFirst);
    });

    [Fact]
    public void Unplugging_ends_both_ends() => Virtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.None, seed: 1);
        line.Unplug();
        Assert.Equal(0, await first.ReadAsync(new byte[1]));
        try
        {
            await second.WriteAsync(new byte[1]);
            Assert.Fail("It took a byte.");
        }
        catch (IOException)
        {
        }
    });

    [Fact]
    public void Pulling_one_end_out_ends_the_other() => Virtually(async () =>
    {
        (NoisyLine line, Stream first, Stream second) = NoisyLine.InMemory(LineNoise.None, seed: 1);
        using NoisyLine ends = line;
        await first.WriteAsync(new byte[3]);
        await second.ReadExactlyAsync(new byte[3]);
        first.Dispose();
        Assert.Equal(0, await second.ReadAsync(new byte[1]));
    });

    [Fact]
    public void Between_ports_it_joins_true_ttys_that_may_be_closed_and_opened_again() => CoroutineScheduler.Run(async () =>
    {
        using NoisyLine line = NoisyLine.BetweenPorts(LineNoise.None, seed: 1);
        using SerialPort second = SerialPort.Open(line.SecondPath!);
        for (int i = 0; i < 3; i++)
        {
            using SerialPort first = SerialPort.Open(line.FirstPath!);
            await first.WriteAsync("ping"u8.ToArray());
            byte[] buffer = new byte[4];
            await second.ReadExactlyAsync(buffer);
            Assert.Equal("ping"u8.ToArray(), buffer);
            await second.WriteAsync("pong"u8.ToArray());
            await first.ReadExactlyAsync(buffer);
            Assert.Equal("pong"u8.ToArray(), buffer);
        }

        line.Unplug();
        await Assert.ThrowsAnyAsync<IOException>(async () => await second.ReadAsync(new byte[1]));
    }, new SchedulerOptions { HandleSignals = false });

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(1.1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.6, 0.6)]
    public void Rates_are_from_0_to_1(double drop, double corrupt) => Virtually(() =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NoisyLine.InMemory(new LineNoise { DropRate = drop, CorruptRate = corrupt }, 1));
        return Task.CompletedTask;
    });

    private static byte[] Data(int count)
    {
        byte[] data = new byte[count];
        new Random(5).NextBytes(data);
        return data;
    }

    /// <summary>Sends, and gives what came until nothing comes any more.</summary>
    private static async Task<byte[]> Send(Stream from, Stream to, byte[] data, int piece)
    {
        Coroutine writing = Coroutine.Spawn(async () =>
        {
            for (int at = 0; at < data.Length; at += piece)
                await from.WriteAsync(data.AsMemory(at, Math.Min(piece, data.Length - at)));
        });
        MemoryStream received = new();
        byte[] buffer = new byte[4096];
        while (await Deadline.TryRunAsync(TimeSpan.FromSeconds(1), async () => received.Write(buffer, 0, await to.ReadAsync(buffer))))
        {
        }

        await writing;
        return received.ToArray();
    }

    private static TestClock Virtually(Func<Task> body)
    {
        TestClock clock = new();
        CoroutineScheduler.Run(body, new SchedulerOptions { Clock = clock });
        return clock;
    }
}
