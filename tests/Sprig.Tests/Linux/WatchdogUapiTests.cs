using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

public class WatchdogUapiTests
{
    [Fact]
    public void What_it_is_and_can_is_read()
    {
        byte[] info = [0x80, 0x81, 0, 0, 9, 9, 9, 9, .. "Software Watchdog"u8, .. new byte[15]];
        Assert.Equal(WatchdogUapi.InfoSize, info.Length);
        Assert.Equal(0x8180u, WatchdogUapi.OptionsOf(info));
        Assert.Equal("Software Watchdog", WatchdogUapi.IdentityOf(info));
        info.AsSpan(8).Fill((byte)'x');
        Assert.Equal(new string('x', 32), WatchdogUapi.IdentityOf(info));
    }
}
