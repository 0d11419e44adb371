using Sprig.IO.Links;
using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>The protocol by itself, over lines that do everything a line can do.</summary>
public class LinkMachineTests
{
    private const int Amount = 100_000;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.001, 0, 0)]
    [InlineData(0.01, 0.001, 0)]
    [InlineData(0, 0.01, 0)]
    [InlineData(0.003, 0.003, 0.003)]
    [InlineData(0.015, 0.01, 0.005)]
    public void All_bytes_come_once_and_in_order_both_ways(double drop, double corrupt, double insert)
    {
        // A random seed too: it stands in the message.
        foreach (int seed in new[] { 1, 2, 3, Random.Shared.Next() })
        {
            LinkSimulation line = new(seed, new SimulatedNoise(drop, corrupt, insert));
            Exchange(line, $"seed {seed}");
            LinkStatistics left = line.Left.Machine.Statistics;
            Assert.Equal((Amount, Amount), (left.BytesSent, left.BytesReceived));
            Assert.Equal(drop + corrupt + insert > 0, left.FramesResent > 0);
        }
    }

    [Fact]
    public void Positions_go_round_many_times()
    {
        // 16 bits of them travel.
        LinkSimulation line = new(2, new SimulatedNoise(0.0005) { BytesPerSecond = 300_000 }, LinkSimulation.Usual with { BufferSize = 32_000 });
        line.Left.ToWrite = 1_000_000;
        Assert.True(line.RunUntil(() => line.Right.Read == 1_000_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whichever_frame_is_lost_all_ends_well(int copies)
    {
        // Each of the frames of a short session, hello and end among them, is once swallowed, or comes several times.
        int sent = int.MaxValue;
        for (int victim = 0; victim < sent; victim++)
        {
            LinkSimulation line = new(1, new SimulatedNoise());
            int frame = 0;
            line.Copies = (_, _) => frame++ == victim ? copies % 3 : copies;
            line.Left.ToWrite = line.Right.ToWrite = 2000;
            line.Left.EndsAfterwards = line.Right.EndsAfterwards = true;
            Assert.True(line.RunUntil(() => HasEnded(line)), $"frame {victim}");
            Assert.Equal((2000, 2000), (line.Left.Read, line.Right.Read));
            sent = frame;
        }

        Assert.True(sent > 10);
    }

    [Theory]
    [InlineData(nameof(LinkFlags.Hello))]
    [InlineData(nameof(LinkFlags.Ask))]
    [InlineData(nameof(LinkFlags.Ack))]
    [InlineData(nameof(LinkFlags.Data))]
    [InlineData(nameof(LinkFlags.Fin))]
    public void Whichever_kind_is_mostly_lost_or_repeated_all_ends_well(string kind)
    {
        LinkFlags flag = Enum.Parse<LinkFlags>(kind);
        for (int seed = 1; seed <= 60; seed++)
        {
            Random random = new(seed);
            LinkTerms terms = LinkSimulation.Usual with { BufferSize = 1024, PeerTimeout = long.MaxValue };
            LinkSimulation line = new(seed, new SimulatedNoise(seed % 3 * 0.003), terms);
            // A frame's second byte is its flags, which are never 0.
            line.Copies = (_, bytes) => ((LinkFlags)bytes[1] & flag) == 0 || random.Next(4) == 0 ? 1 : random.Next(5) == 0 ? 3 : 0;
            line.Left.ToWrite = line.Right.ToWrite = 6000;
            line.Right.ReadPause = seed % 2 * 300_000_000;
            line.Left.EndsAfterwards = line.Right.EndsAfterwards = true;
            Assert.True(line.RunUntil(() => HasEnded(line)), $"seed {seed}: {line.Left.Read}, {line.Right.Read} at {line.Now}");
            Assert.Equal((6000, 6000), (line.Left.Read, line.Right.Read));
        }
    }

    [Fact]
    public void At_rest_it_waits_for_nothing()
    {
        LinkSimulation line = new(1, new SimulatedNoise(0.005));
        line.Left.ToWrite = line.Right.ToWrite = 5000;
        // False: nothing will ever happen again, though nobody has ended.
        Assert.False(line.RunUntil(() => false));
        Assert.Equal((5000, 5000), (line.Left.Read, line.Right.Read));
        Assert.Equal((long.MaxValue, long.MaxValue), (line.Left.Machine.NextDue, line.Right.Machine.NextDue));
    }

    [Fact]
    public void A_reader_that_stops_stops_the_writer_and_nothing_is_lost()
    {
        LinkSimulation line = new(3, new SimulatedNoise(0.01));
        line.Left.ToWrite = 50_000;
        line.Right.IsReading = false;
        // For an hour: the other side lives and says so, that is no loss of it.
        Assert.False(line.RunUntil(() => line.Left.Machine.End != LinkEnd.None));
        Assert.InRange(line.Left.Written, 4096, 2 * 4096);
        Assert.Equal(4096, line.Right.Machine.Available);
        long sent = line.Left.Machine.Statistics.FramesSent;
        Assert.InRange(sent, 100, 4000);

        line.Right.IsReading = true;
        Assert.True(line.RunUntil(() => line.Right.Read == 50_000, 100));
    }

    [Fact]
    public void A_slow_reader_gets_everything()
    {
        LinkSimulation line = new(3, new SimulatedNoise(0.01));
        line.Right.ReadPause = 200_000_000;
        line.Left.ToWrite = 30_000;
        Assert.True(line.RunUntil(() => line.Right.Read == 30_000));
    }

    [Fact]
    public void Frames_are_as_long_as_the_loss_allows()
    {
        Assert.Equal(240, PayloadAt(0));
        Assert.InRange(PayloadAt(0.001), 70, 130);
        Assert.InRange(PayloadAt(0.01), 20, 32);

        static int PayloadAt(double drop)
        {
            LinkSimulation line = new(1, new SimulatedNoise(drop));
            line.Left.ToWrite = Amount;
            Assert.True(line.RunUntil(() => line.Right.Read == Amount));
            return line.Left.Machine.Statistics.FramePayload;
        }
    }

    [Theory]
    [InlineData(960, 0, 0.9)]
    [InlineData(11_520, 0, 0.9)]
    [InlineData(11_520, 0.001, 0.7)]
    [InlineData(11_520, 0.01, 0.4)]
    [InlineData(960, 0.01, 0.4)]
    public void Its_share_of_the_line_is_near_what_is_possible(int bytesPerSecond, double drop, double least)
    {
        // Possible is L/(L+9) (1-p)^(L+9) at the best L: 0.96, 0.82 and 0.52.
        LinkSimulation line = new(7, new SimulatedNoise(drop) { BytesPerSecond = bytesPerSecond });
        line.RunUntilOpen();
        long from = line.Now;
        line.Left.ToWrite = Amount;
        Assert.True(line.RunUntil(() => line.Right.Read == Amount));
        double share = Amount / ((line.Now - from) / 1e9) / bytesPerSecond;
        Assert.InRange(share, least, 1);
    }

    private static void Exchange(LinkSimulation line, string what)
    {
        line.Left.ToWrite = line.Right.ToWrite = Amount;
        line.Left.EndsAfterwards = line.Right.EndsAfterwards = true;
        bool done = line.RunUntil(() => HasEnded(line));
        Assert.True(done, $"{what}: left has read {line.Left.Read}, right {line.Right.Read}, {line.Left.Machine.Statistics} {line.Right.Machine.Statistics}");
        Assert.Equal((Amount, Amount), (line.Left.Read, line.Right.Read));
    }

    private static bool HasEnded(LinkSimulation line)
        => line.Left.HasEnded && line.Right.HasEnded && line.Left.Machine.IsAllAcknowledged && line.Right.Machine.IsAllAcknowledged;
}
