using Sprig.Cli.Serial;
using Sprig.IO.Ports;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

public class ErrorWordsTests
{
    [Fact]
    public void What_a_driver_counted_is_told_where_it_counts()
    {
        Assert.Equal("", ErrorWords.Of(null));
        Assert.Equal("; the driver counted no errors", ErrorWords.Of(new SerialErrorCounts(0, 0, 0, 0, 0, 1000, 1000)));
        Assert.Equal(
            "; the driver counted 1 overruns of the hardware's buffer, 2 overruns of the kernel's buffer, 3 framing errors, 4 parity errors, 5 breaks",
            ErrorWords.Of(new SerialErrorCounts(1, 2, 3, 4, 5, 0, 0)));
    }
}
