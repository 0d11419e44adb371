using Sprig.IO.Links;
using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>How sessions begin and end, whatever is lost.</summary>
public class LinkSessionTests
{
    [Fact]
    public void Both_open_whatever_is_lost()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            LinkSimulation line = new(seed, new SimulatedNoise(0.02, 0.01));
            Assert.True(line.RunUntil(() => line.Left.Machine.IsOpen && line.Right.Machine.IsOpen, 120), $"seed {seed}");
        }
    }

    [Fact]
    public void Alone_it_says_hello_once_a_second_and_gives_up_never()
    {
        LinkMachine alone = new(LinkSimulation.Usual, 5, 0);
        byte[] buffer = new byte[2048];
        long frames = 0;
        for (long now = 0; now < 3_600_000_000_000; now = alone.NextDue)
            frames += alone.Produce(buffer, now) > 0 ? 1 : 0;
        Assert.InRange(frames, 3600, 3610);
        Assert.Equal((false, LinkEnd.None), (alone.IsOpen, alone.End));
    }

    [Fact]
    public void Its_own_echo_is_no_peer()
    {
        LinkMachine alone = new(LinkSimulation.Usual, 5, 0);
        byte[] buffer = new byte[2048];
        for (long now = 0; now < 60_000_000_000; now = alone.NextDue)
            alone.Receive(buffer.AsSpan(0, alone.Produce(buffer, now)), now);
        Assert.Equal((false, LinkEnd.None), (alone.IsOpen, alone.End));
    }

    [Fact]
    public void A_peer_that_is_started_anew_ends_the_session_and_no_old_byte_gets_into_the_next()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            LinkSimulation line = new(seed, new SimulatedNoise(0.01));
            line.Left.ToWrite = line.Right.ToWrite = 20_000;
            line.RunUntil(() => line.Left.Read > 3000 && line.Right.Read > 3000);
            // In the middle of it, with bytes on the line both ways.
            line.Restart(line.Right);
            line.Right.Begin();
            line.Right.ToWrite = 0;
            Assert.True(line.RunUntil(() => line.Left.Machine.End != LinkEnd.None, 60), $"seed {seed}");
            Assert.Equal(LinkEnd.Restarted, line.Left.Machine.End);
            Assert.Equal(0, line.Right.Read);

            line.Restart(line.Left);
            line.Left.Begin();
            line.Right.ToWrite = 5000;
            line.Left.ToWrite = 5000;
            Assert.True(line.RunUntil(() => line.Left.Read == 5000 && line.Right.Read == 5000, 600), $"seed {seed}");
        }
    }

    [Fact]
    public void Both_started_anew_at_once_find_each_other()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            LinkSimulation line = new(seed, new SimulatedNoise(0.01));
            line.Left.ToWrite = line.Right.ToWrite = 20_000;
            line.RunUntil(() => line.Left.Read > 3000);
            line.Restart(line.Left);
            line.Restart(line.Right);
            line.Left.Begin();
            line.Right.Begin();
            line.Left.ToWrite = line.Right.ToWrite = 5000;
            Assert.True(line.RunUntil(() => line.Left.Read == 5000 && line.Right.Read == 5000, 600), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_not_acknowledged_for_the_set_time_is_a_lost_peer(bool hasSent)
    {
        LinkSimulation line = new(1, new SimulatedNoise());
        line.RunUntilOpen();
        line.Noise = new SimulatedNoise(1);
        line.Left.ToWrite = hasSent ? 100 : 0;
        long from = line.Now;
        Assert.Equal(hasSent, line.RunUntil(() => line.Left.Machine.End != LinkEnd.None, 1e6));
        Assert.Equal(hasSent ? LinkEnd.Lost : LinkEnd.None, line.Left.Machine.End);
        Assert.Equal(hasSent ? 30 : 0, (int)((line.Now - from) / 1e9));
    }

    [Fact]
    public void Keep_alive_finds_out_at_rest()
    {
        LinkSimulation line = new(1, new SimulatedNoise(), LinkSimulation.Usual with { KeepAlive = 10_000_000_000 });
        line.RunUntilOpen();
        Assert.False(line.RunUntil(() => line.Left.Machine.End != LinkEnd.None || line.Right.Machine.End != LinkEnd.None, 3600));
        Assert.InRange(line.Left.Machine.Statistics.FramesSent, 300, 800);
        line.Noise = new SimulatedNoise(1);
        long from = line.Now;
        Assert.True(line.RunUntil(() => line.Left.Machine.End == LinkEnd.Lost && line.Right.Machine.End == LinkEnd.Lost, 3600));
        Assert.InRange((line.Now - from) / 1e9, 29, 41);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void Keep_alive_does_not_take_one_lost_question_for_a_lost_peer(long peerTimeout)
    {
        // Asked rarely, and lost soon: many a question is lost on the way, or its answer.
        const long Second = 1_000_000_000;
        LinkTerms terms = LinkSimulation.Usual with { KeepAlive = 60 * Second, PeerTimeout = peerTimeout * Second };
        LinkSimulation line = new(1, new SimulatedNoise(), terms);
        line.RunUntilOpen();
        line.Noise = new SimulatedNoise(0.01);
        Assert.False(line.RunUntil(() => line.Left.Machine.End != LinkEnd.None || line.Right.Machine.End != LinkEnd.None, 36_000));
        if (peerTimeout > 60)
            return;
        // Dead it is found out in time, not at the next question.
        line.Noise = new SimulatedNoise();
        line.RunUntil(() => false, 600);
        line.Noise = new SimulatedNoise(1);
        long from = line.Now;
        Assert.True(line.RunUntil(() => line.Left.Machine.End == LinkEnd.Lost && line.Right.Machine.End == LinkEnd.Lost, 3600));
        Assert.InRange((line.Now - from) / 1e9, 9, 71);
    }

    [Fact]
    public void Keep_alive_without_a_limit_asks_for_ever()
    {
        LinkSimulation line = new(1, new SimulatedNoise(), LinkSimulation.Usual with { KeepAlive = 10_000_000_000, PeerTimeout = long.MaxValue });
        line.RunUntilOpen();
        line.Noise = new SimulatedNoise(1);
        line.Left.ToWrite = 100;
        Assert.False(line.RunUntil(() => line.Left.Machine.End != LinkEnd.None || line.Right.Machine.End != LinkEnd.None, 36_000));
        line.Noise = new SimulatedNoise();
        Assert.True(line.RunUntil(() => line.Right.Read == 100, 10));
    }

    [Fact]
    public void Farewells_reach_the_other_side_though_many_are_lost()
    {
        int heard = 0;
        for (int seed = 1; seed <= 100; seed++)
        {
            LinkSimulation line = new(seed, new SimulatedNoise(0.01));
            line.Left.ToWrite = 3000;
            line.Left.EndsAfterwards = true;
            Assert.True(line.RunUntil(() => line.Left.Machine.HasWrittenEnd && line.Left.Machine.IsAllAcknowledged));
            Assert.Equal((3000, true), (line.Right.Read, line.Right.HasEnded));
            line.Left.Machine.Part(line.Now);
            Assert.True(line.RunUntil(() => line.Left.Machine.HasParted, 10));
            line.RunUntil(() => line.Right.Machine.End != LinkEnd.None, 1);
            heard += line.Right.Machine.End == LinkEnd.Closed ? 1 : 0;
        }

        Assert.InRange(heard, 95, 100);
    }

    [Fact]
    public void Noise_alone_is_survived()
    {
        Random random = new(1);
        LinkMachine machine = new(LinkSimulation.Usual, 5, 0);
        byte[] noise = new byte[5000];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(noise);
            // Some of it without an end: frames without limit.
            if (i % 2 == 0)
                noise.AsSpan().Replace((byte)0, (byte)1);
            machine.Receive(noise, i);
        }

        Assert.False(machine.IsOpen);
        Assert.True(machine.Statistics.DamagedFrames > 100);
    }
}
