using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

public class PoolMapTests
{
    private const string Two = """
        4 jobs in a pool of 2; job 3 fails.
        Map, in the order of the jobs:
          after 0.3 s: job 1, which took 0.3 s
          after 0.3 s: job 2, which took 0.1 s
          after 0.3 s: job 3 failed
          after 0.4 s: job 4, which took 0.2 s
        MapEach, as they come:
          after 0.1 s: job 2, which took 0.1 s
          after 0.2 s: job 3 failed
          after 0.3 s: job 1, which took 0.3 s
          after 0.4 s: job 4, which took 0.2 s
        Jobs that ran at once: 2 at most.

        """;

    [Fact]
    public void Map_keeps_the_order_of_its_inputs_and_MapEach_that_of_the_ends_with_the_error_in_its_place()
    {
        Captured run = new();
        Assert.Equal(0, new PoolMap(run.Output, 2).Run(run.Options));
        Assert.Equal(Two, run.Text);
        Assert.Empty(run.Error.ToString());
    }

    [Fact]
    public void Whatever_the_order_in_which_coroutines_run()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Captured run = new(seed);
            Assert.Equal(0, new PoolMap(run.Output, 2).Run(run.Options));
            Assert.True(run.Text == Two, $"seed {seed}: {run.Text}{run.Error}");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(9, 4)]
    public void No_more_than_its_size_run_at_once(int size, int atOnce)
    {
        Captured run = new();
        Assert.Equal(0, new PoolMap(run.Output, size).Run(run.Options));
        Assert.EndsWith($"Jobs that ran at once: {atOnce} at most.\n", run.Text, StringComparison.Ordinal);
        Assert.Equal(2, run.Lines.Count(line => line.EndsWith("job 3 failed", StringComparison.Ordinal)));
    }
}
