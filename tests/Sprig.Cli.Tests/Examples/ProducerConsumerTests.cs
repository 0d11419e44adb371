using System.Text.RegularExpressions;
using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

public class ProducerConsumerTests
{
    [Fact]
    public void A_full_queue_makes_producers_wait_and_nothing_is_lost()
    {
        Captured run = new();
        Assert.Equal(0, Go(run, 1000, 5, 2, 3));
        Match waits = Regex.Match(run.Text, @"Producers waited for room (\d+) times; the queue held (\d+) items at most");
        Assert.True(int.Parse(waits.Groups[1].Value) > 100);
        Assert.Equal("5", waits.Groups[2].Value);
        Assert.Contains("= 1000; lost: 0, taken twice: 0.", run.Text, StringComparison.Ordinal);
        Assert.Contains("The sum is 500500 (expected 500500); 0 items are unfinished.", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_in_whatever_order_coroutines_run()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Captured run = new(seed);
            Assert.True(Go(run, 60, 1 + seed % 4, 1 + seed % 3, 1 + seed % 5) == 0, $"seed {seed}: {run.Text}{run.Error}");
            Assert.Contains("= 60; lost: 0, taken twice: 0.", run.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_bound_no_producer_waits()
    {
        Captured run = new();
        Assert.Equal(0, Go(run, 1000, 0, 2, 3));
        Assert.Contains("into a queue without bound", run.Text, StringComparison.Ordinal);
        Assert.Contains("Producers waited for room 0 times", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 7, 1)]
    [InlineData(1, 5, 1, 9)]
    [InlineData(7, 1, 1, 1)]
    public void More_coroutines_than_items_are_no_harm(int items, int capacity, int producers, int consumers)
        => Assert.Equal(0, Go(new Captured(), items, capacity, producers, consumers));

    private static int Go(Captured run, int items, int capacity, int producers, int consumers)
        => new ProducerConsumer(run.Output, items, capacity, producers, consumers).Run(run.Options);
}
