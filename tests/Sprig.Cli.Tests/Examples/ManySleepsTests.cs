using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

public class ManySleepsTests
{
    [Fact]
    public void Ten_seconds_one_after_the_other_are_one_second_at_once()
    {
        Captured run = new();
        Assert.Equal(0, new ManySleeps(run.Output, 10, TimeSpan.FromSeconds(1)).Run(run.Options));
        Assert.Equal("""
            10 sleeps of 1.0 s:
              one after the other      10.0 s
              a coroutine for each     1.0 s

            """, run.Text);
        Assert.Equal(TimeSpan.FromSeconds(11), run.Clock.Elapsed);
    }

    [Fact]
    public void Short_ones_are_told_to_the_millisecond()
    {
        Captured run = new();
        Assert.Equal(0, new ManySleeps(run.Output, 3, TimeSpan.FromSeconds(0.1)).Run(run.Options));
        Assert.Equal("""
            3 sleeps of 0.100 s:
              one after the other      0.300 s
              a coroutine for each     0.100 s

            """, run.Text);
    }
}
