using System.Text.RegularExpressions;
using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

public class LostUpdatesTests
{
    [Fact]
    public void Only_the_await_between_read_and_write_loses_updates()
    {
        Captured run = new();
        Assert.Equal((1000, 10_000, 10_000), Count(run, 10, 1000));
        Assert.Contains("Expected: 10000.", run.Text, StringComparison.Ordinal);
        Assert.Equal([9000, 0, 0], run.Lines[1..4].Select(line => int.Parse(Regex.Match(line, @"lost: (\d+)").Groups[1].Value)));
    }

    [Fact]
    public void So_it_is_in_whatever_order_coroutines_run()
    {
        // Each reads what it has just written itself, so the order changes nothing: one coroutine's rounds are what is left.
        for (int seed = 0; seed < 200; seed++)
            Assert.Equal((20, 140, 140), Count(new Captured(seed), 7, 20));
    }

    [Fact]
    public void A_coroutine_alone_loses_nothing() => Assert.Equal((30, 30, 30), Count(new Captured(), 1, 30));

    private static (int Across, int Between, int Locked) Count(Captured run, int coroutines, int rounds)
    {
        Assert.Equal(0, new LostUpdates(run.Output, coroutines, rounds).Run(run.Options));
        int[] counted = [.. Regex.Matches(run.Text, @"x = (\d+)").Select(match => int.Parse(match.Groups[1].Value))];
        return (counted[0], counted[1], counted[2]);
    }
}
