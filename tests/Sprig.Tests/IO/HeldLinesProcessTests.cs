using Xunit;

namespace Sprig.Tests.IO;

public class HeldLinesProcessTests
{
    [Fact]
    public async Task A_process_that_exits_leaves_nothing_on()
        => Assert.Equal(("high low ", 3), await EndingProcess.RunAsync());
}
