using System.Runtime.InteropServices;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

public class ErrnoTests
{
    [Theory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.ENOENT)]
    [InlineData(Errno.EAGAIN)]
    [InlineData(Errno.EBUSY)]
    [InlineData(Errno.EMFILE)]
    [InlineData(Errno.ENOTTY)]
    [InlineData(Errno.ENOSYS)]
    public void The_text_is_the_systems_own_with_the_number_behind_it(int errno)
    {
        // The runtime's own text: the system's language is not ours to choose.
        string expected = Marshal.GetPInvokeErrorMessage(errno);
        Assert.NotEmpty(expected);
        Assert.Equal($"{expected} (errno {errno})", Errno.Describe(errno));
    }

    [Fact]
    public void A_number_that_the_system_does_not_know_still_has_a_text()
        => Assert.Matches(@"\S.*9999.* \(errno 9999\)$", Errno.Describe(9999));

    [Fact]
    public void An_exception_names_the_action_the_device_and_the_answer_and_keeps_the_number()
    {
        IOException e = Errno.ToException(Errno.EBUSY, "request", "line 17 of gpiochip0");
        Assert.Equal($"request line 17 of gpiochip0: {Errno.Describe(Errno.EBUSY)}", e.Message);
        Assert.Equal(Errno.EBUSY, e.HResult);
    }

    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.ENODEV)]
    [InlineData(Errno.ENXIO)]
    public void A_device_that_is_gone_is_said_to_be_gone(int errno)
    {
        IOException e = Errno.ToException(errno, "read from", "/dev/ttyUSB0");
        Assert.StartsWith("read from /dev/ttyUSB0: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("unplugged", e.Message, StringComparison.Ordinal);
        Assert.Equal(errno, e.HResult);
    }

    [Theory]
    [InlineData(Errno.EACCES)]
    [InlineData(Errno.EINVAL)]
    [InlineData(Errno.EPIPE)]
    public void A_device_that_merely_refuses_is_not_said_to_be_gone(int errno)
        => Assert.DoesNotContain("gone", Errno.ToException(errno, "write to", "/dev/ttyUSB0").Message, StringComparison.Ordinal);
}
