using Xunit;

namespace Sprig.Tests.IO;

public class HeldLinesProcessTests
{
    [Fact]
    public async Task A_process_that_exits_leaves_nothing_on()
        => Assert.Equal(("high low ", 3), await EndingProcess.RunAsync());

    [Theory]
    [InlineData("INT", 2)]
    [InlineData("TERM", 15)]
    [InlineData("HUP", 1)]
    [InlineData("QUIT", 3)]
    public async Task A_process_that_a_signal_ends_leaves_nothing_on(string signal, int number)
        => Assert.Equal(("high low ", 128 + number), await EndingProcess.RunAsync(signal));
}
