using Xunit;

namespace Sprig.Cli.Tests.Examples;

/// <summary>The command line of the examples: the list, and one clear line and exit code 2 for what is wrong.</summary>
[Collection(nameof(ConsoleCollection))]
public class ExampleCommandTests
{
    private static readonly string[] s_names
        = ["philosophers", "counter", "daemons", "producer-consumer", "sleeps", "pool", "switch"];

    [Fact]
    public void Without_a_name_the_examples_are_listed_one_a_line()
    {
        (int code, string output, string error) = ConsoleRun.Of("example");
        Assert.Equal(0, code);
        Assert.Empty(error);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(s_names, lines.Select(line => line.Split(' ')[2]));
        Assert.All(lines, line => Assert.Matches(@"^sprig example [a-z-]+ +[A-Z].*\.$", line));
    }

    [Theory]
    [InlineData("nosuch", "'nosuch'. (sprig example --help shows how)")]
    [InlineData("counter nosuch", "'nosuch'. (sprig example counter --help shows how)")]
    [InlineData("daemons --meals 3", "'--meals'")]
    [InlineData("philosophers --solve", "--solve")]
    [InlineData("philosophers --solve luck", "--solve 'luck': wanted is ordered, reentrant or waiter.")]
    [InlineData("philosophers --solve ordered --solve waiter", "--solve")]
    [InlineData("philosophers --philosophers 1", "--philosophers '1': wanted is a number from 2 to 100.")]
    [InlineData("philosophers --philosophers five", "'five'")]
    [InlineData("philosophers --meals 0", "--meals '0': wanted is a number from 1 to 1000.")]
    [InlineData("counter --coroutines 0", "--coroutines '0'")]
    [InlineData("counter --coroutines 99999999999", "'99999999999'")]
    [InlineData("counter --rounds -1", "--rounds '-1'")]
    [InlineData("producer-consumer --items 0", "--items '0'")]
    [InlineData("producer-consumer --capacity -1", "--capacity '-1': wanted is a number from 0 to 1000000.")]
    [InlineData("producer-consumer --producers 0", "--producers '0'")]
    [InlineData("producer-consumer --consumers 0", "--consumers '0'")]
    [InlineData("pool --size 0", "--size '0': wanted is a number from 1 to 1000.")]
    [InlineData("sleeps --count 0", "--count '0'")]
    [InlineData("sleeps --seconds -1", "--seconds '-1': wanted is a number of seconds, 0 to 3600.")]
    [InlineData("sleeps --seconds NaN", "--seconds 'NaN'")]
    [InlineData("sleeps --seconds long", "'long'")]
    public void What_is_wrong_is_told_in_one_line_and_exits_2(string options, string said)
        => Assert.Empty(ConsoleRun.AssertRefused(said, ["example", .. options.Split(' ')]));

    [Theory]
    [InlineData("sleeps --count 2 --seconds 0.001", "2 sleeps of 0.001 s")]
    [InlineData("counter --coroutines 3 --rounds 7", "3 coroutines add 1 to x, 7 times")]
    [InlineData("producer-consumer --items 9 --capacity 2 --producers 4 --consumers 1", "4 producers put 9 items into a queue of 2, 1 consumers")]
    [InlineData("philosophers --philosophers 3 --meals 1 --solve ordered", "3 philosophers, 3 forks, 1 meals each; the fork with the lower number first")]
    [InlineData("pool --size 4", "4 jobs in a pool of 4")]
    public void Options_reach_the_example(string options, string said)
    {
        (int code, string output, _) = ConsoleRun.Of(["example", .. options.Split(' ')]);
        Assert.Equal(0, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }
}
