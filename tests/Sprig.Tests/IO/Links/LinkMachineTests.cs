using Xunit;

namespace Sprig.Tests.IO.Links;

/// <summary>The protocol by itself, over lines that do everything a line can do.</summary>
public class LinkMachineTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.001, 0, 0)]
    [InlineData(0.01, 0.001, 0)]
    [InlineData(0, 0.01, 0)]
    [InlineData(0.003, 0.003, 0.003)]
    [InlineData(0.03, 0.01, 0.01)]
    public void All_bytes_come_once_and_in_order_both_ways(double drop, double corrupt, double insert)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            LinkSimulation line = new(seed, new SimulatedNoise(drop, corrupt, insert));
            line.Left.ToWrite = line.Right.ToWrite = 100_000;
            line.Left.EndsAfterwards = line.Right.EndsAfterwards = true;
            bool done = line.RunUntil(() => line.Left.HasEnded && line.Right.HasEnded && line.Left.Machine.IsAllAcknowledged && line.Right.Machine.IsAllAcknowledged);
            Assert.True(done, $"seed {seed}: left has read {line.Left.Read}, right {line.Right.Read}, {line.Left.Machine.Statistics} {line.Right.Machine.Statistics}");
            Assert.Equal((100_000, 100_000), (line.Left.Read, line.Right.Read));
            if (seed == 1)
                TestContext.Current.TestOutputHelper!.WriteLine($"{(line.Now - 1e9) / 1e9} s {line.Left.Machine.Statistics}");
        }
    }

    [Theory]
    [InlineData(0, 1152)]
    [InlineData(0, 11520)]
    [InlineData(0, 300000)]
    [InlineData(0.001, 1152)]
    [InlineData(0.001, 11520)]
    [InlineData(0.001, 300000)]
    [InlineData(0.01, 1152)]
    [InlineData(0.01, 11520)]
    [InlineData(0.01, 300000)]
    public void Goodput(double drop, int rate)
    {
        foreach (bool both in new[] { false, true })
        {
            LinkSimulation line = new(7, new SimulatedNoise(drop) { BytesPerSecond = rate, Latency = rate == 300000 ? 8_000_000 : 1_000_000 }, LinkSimulation.Usual with { BufferSize = 16384 });
            line.RunUntilOpen();
            long from = line.Now;
            line.Left.ToWrite = 300_000;
            line.Right.ToWrite = both ? 300_000 : 0;
            Assert.True(line.RunUntil(() => line.Left.Machine.IsAllAcknowledged && line.Left.Written == 300_000));
            double seconds = (line.Now - from) / 1e9;
            TestContext.Current.TestOutputHelper!.WriteLine($"both {both}: {300_000 / seconds / rate:P1} of the line, {line.Left.Machine.Statistics}");
        }
    }
}
