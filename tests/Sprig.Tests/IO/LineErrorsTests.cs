using Sprig.IO;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO;

public class LineErrorsTests
{
    private static readonly GpioLineSettings s_demanding = new()
    {
        Bias = GpioBias.PullDown,
        Edges = GpioEdges.Both,
        Debounce = TimeSpan.FromMilliseconds(1),
        Clock = GpioClock.Hardware,
    };

    [Theory]
    [InlineData(Errno.EINVAL)]
    [InlineData(Errno.ENXIO)]
    [InlineData(Errno.EOPNOTSUPP)]
    [InlineData(Errno.ENOTSUPP)]
    public void What_the_chip_may_lack_is_named_and_it_is_not_said_to_be_gone(int errno)
    {
        IOException error = LineErrors.Refused(errno, "take", "line 4 of /dev/gpiochip0", [s_demanding, s_demanding, new GpioLineSettings()]);
        Assert.StartsWith(
            "take line 4 of /dev/gpiochip0: the chip refuses these settings: it may lack the bias PullDown, interrupts for edges, a debouncer, the clock Hardware. ",
            error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith($"(errno {errno})", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", error.Message, StringComparison.Ordinal);
        Assert.Equal(errno, error.HResult);
    }

    [Fact]
    public void Plain_settings_have_nothing_that_could_be_lacking()
        => Assert.StartsWith(
            "configure line 4 of x: the chip refuses these settings. ",
            LineErrors.Refused(Errno.EINVAL, "configure", "line 4 of x", [new GpioLineSettings()]).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_chip_that_is_gone_is_said_to_be()
        => Assert.Contains("the device is gone", LineErrors.Refused(Errno.ENODEV, "take", "line 4 of x", [s_demanding]).Message, StringComparison.Ordinal);

    [Fact]
    public void A_line_that_was_busy_and_is_free_again_may_be_tried_again()
    {
        GpioLineInfo free = new(4, "GPIO4", "", IsUsed: false, IsOutput: false);
        Assert.Contains("try again", LineErrors.Busy("x", [free]).Message, StringComparison.Ordinal);
        Assert.Equal(
            "line 5 of x is held by 'me'; end that program (if it is this one: give the line back first), or choose another line.",
            LineErrors.Busy("x", [free, free with { Line = 5, IsUsed = true, Consumer = "me" }]).Message);
        Assert.Equal(
            "line 2 of x is reserved by the kernel (a bus, or another function of its pin); turn that off, or choose another line.",
            LineErrors.Busy("x", [free, free with { Line = 2, IsUsed = true }]).Message);
    }
}
