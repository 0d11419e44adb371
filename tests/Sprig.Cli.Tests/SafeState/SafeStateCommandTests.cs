using Xunit;

namespace Sprig.Cli.Tests.SafeState;

[Collection(nameof(ConsoleCollection))]
public sealed class SafeStateCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void No_file_is_nothing_to_do()
    {
        (int code, string output, string error) = ConsoleRun.Of("safe-state", "/nowhere/state");
        Assert.Equal((0, "nothing to do: there is no /nowhere/state\n", ""), (code, output, error));
    }

    [Fact]
    public void Without_a_name_it_asks_for_one() => ConsoleRun.AssertRefused("SPRIG_SAFE_STATE", "safe-state");

    [Fact]
    public void A_damaged_file_is_told()
    {
        File.WriteAllText(_file, "sprig safe-state 1\nhalf a li");
        (int code, string output, string error) = ConsoleRun.Of("safe-state", _file);
        Assert.Equal((1, "", $"sprig safe-state: {_file} is damaged in line 2: 'half a li'.\n"), (code, output, error));
        Assert.True(File.Exists(_file));
    }

    [Fact]
    public void A_chip_that_is_not_there_is_told_with_the_line()
    {
        File.WriteAllText(_file, "sprig safe-state 1\ngpiochip77 3 0 PushPull PullDown no such chip\n");
        (int code, string output, string error) = ConsoleRun.Of("safe-state", _file);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("line 3 of no such chip: There is no GPIO chip 'no such chip'", error, StringComparison.Ordinal);
    }
}
