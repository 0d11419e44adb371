using Xunit;

namespace Sprig.Cli.Tests;

public class UserErrorTests
{
    [Theory]
    [InlineData("/dev/ttyUSB0 is in use by '\e]0;x\a\e[2J' (process 7)", @"/dev/ttyUSB0 is in use by '\x1B]0;x\x07\x1B[2J' (process 7)")]
    [InlineData("two\nlines\u009B1m", @"two lines\x9B1m")]
    [InlineData("a cable (Parameter 'x')", "a cable")]
    public void An_error_is_one_line_that_no_terminal_acts_on(string message, string said)
        => Assert.Equal(said, UserError.Describe(new IOException(message)));
}
