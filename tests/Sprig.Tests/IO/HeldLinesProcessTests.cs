using Xunit;

namespace Sprig.Tests.IO;

public class HeldLinesProcessTests
{
    private const string State = "sprig safe-state 1\ngpiochip0 4 0 PushPull PullDown a double\n";
    private const int Aborted = 134;

    [Fact]
    public async Task A_process_that_exits_leaves_nothing_on()
        => Assert.Equal(("high low ", "", 3), await EndingProcess.RunAsync());

    [Theory]
    [InlineData("INT", 2)]
    [InlineData("TERM", 15)]
    [InlineData("HUP", 1)]
    [InlineData("QUIT", 3)]
    public async Task A_process_that_a_signal_ends_leaves_nothing_on(string signal, int number)
    {
        (string levels, _, int exitCode) = await EndingProcess.RunAsync(signal);
        Assert.Equal(("high low ", 128 + number), (levels, exitCode));
    }

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData(EndingProcess.Crash, Aborted)]
    public async Task A_process_that_does_not_live_to_see_its_end_leaves_word_of_what_its_outputs_need(string how, int exitCode)
        => Assert.Equal(("high ", State, exitCode), await EndingProcess.RunAsync(how));
}
