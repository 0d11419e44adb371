using Xunit;

namespace Sprig.Tests.IO;

/// <summary>An output gets its safe level however the process ends that the process can see.</summary>
public class HeldLinesProcessTests
{
    [Theory]
    [InlineData("exit", 3)]
    [InlineData("exit while a run goes on", 3)]
    [InlineData("throw", 134)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_process_that_ends_leaves_nothing_on(string how, int exitCode)
        => Assert.Equal(("high low ", exitCode), await EndingProcess.RunAsync(how));
}
