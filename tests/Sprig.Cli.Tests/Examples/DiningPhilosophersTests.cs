using System.Text.RegularExpressions;
using Sprig.Cli.Examples;
using Xunit;

namespace Sprig.Cli.Tests.Examples;

/// <summary>The deadlock is certain and the cures are too: in whatever order the ready ones run.</summary>
public class DiningPhilosophersTests
{
    private const int Seeds = 200;

    [Fact]
    public void Without_a_cure_it_ends_in_a_deadlock_that_is_told_in_full_and_exits_3()
    {
        Captured run = new();
        Assert.Equal(3, Dine(run, null));
        string[] lines = run.Lines;
        Assert.StartsWith("sprig: Deadlock: each of these waits for what the next one holds", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            [
                "'Kant' waits for AsyncLock 'fork 1', held by 'Plato'",
                "'Plato' waits for AsyncLock 'fork 2', held by 'Aristotle'",
                "'Aristotle' waits for AsyncLock 'fork 3', held by 'Hypatia'",
                "'Hypatia' waits for AsyncLock 'fork 4', held by 'Descartes'",
                "'Descartes' waits for AsyncLock 'fork 5', held by 'Kant'",
            ],
            lines[2..7].Select(line => line.Trim().Split(" (spawned")[0]));
        Assert.All(lines[2..7], line => Assert.Matches(@"\(spawned at .*DiningPhilosophers\.cs:\d+\)$", line));
        Assert.Equal("Meals: Plato 3, Aristotle 3, Hypatia 3, Descartes 3, Kant 0.", lines[^1]);
        Assert.Equal(
            "sprig example philosophers: deadlock: Kant -> Plato -> Aristotle -> Hypatia -> Descartes -> Kant\n",
            run.Error.ToString());
    }

    [Fact]
    public void It_is_told_as_the_circle_closes_though_the_clock_runs_on()
    {
        Captured run = new();
        Dine(run, null);
        Match ticks = Regex.Match(run.Text, @"a clock ran: (\d+) ticks until the report, (\d+) after it");
        // The circle closes after 10 ms, and the clock ticks every 2; the tick that is due then may come before or after.
        Assert.InRange(int.Parse(ticks.Groups[1].Value), 4, 5);
        Assert.True(int.Parse(ticks.Groups[2].Value) > 5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public void The_deadlock_does_not_hang_on_the_order_in_which_coroutines_run(int philosophers)
    {
        HashSet<string> circles = [];
        for (int seed = 0; seed < Seeds; seed++)
        {
            Captured run = new(seed);
            Assert.True(Dine(run, null, philosophers) == 3, $"seed {seed}: {run.Text}");
            Assert.Equal(philosophers, Regex.Count(run.Text, "held by"));
            Assert.DoesNotContain("Everyone", run.Text, StringComparison.Ordinal);
            circles.Add(run.Error.ToString());
        }

        // The seeds do change the order: another one closes the circle.
        Assert.Equal(philosophers, circles.Count);
    }

    [Theory]
    [InlineData("ordered", 2)]
    [InlineData("ordered", 5)]
    [InlineData("ordered", 9)]
    [InlineData("waiter", 2)]
    [InlineData("waiter", 5)]
    [InlineData("waiter", 9)]
    [InlineData("reentrant", 2)]
    [InlineData("reentrant", 5)]
    [InlineData("reentrant", 9)]
    public void With_a_cure_everyone_eats_in_whatever_order_coroutines_run(string cure, int philosophers)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Captured run = new(seed);
            Assert.True(Dine(run, cure, philosophers) == 0, $"seed {seed}: {run.Text}{run.Error}");
            Assert.Equal(philosophers, Regex.Count(run.Text, @" 3[,.]"));
            Assert.EndsWith("Everyone has eaten.\n", run.Text, StringComparison.Ordinal);
            Assert.Empty(run.Error.ToString());
        }
    }

    [Fact]
    public void The_reentrant_lock_was_taken_twice_by_its_owner()
    {
        Captured run = new();
        Dine(run, "reentrant");
        Assert.Contains("The table was locked 2 deep", run.Text, StringComparison.Ordinal);
    }

    private static int Dine(Captured run, string? cure, int philosophers = 5)
        => new DiningPhilosophers(run.Output, run.Error, philosophers, 3, cure).Run(run.Options);
}
