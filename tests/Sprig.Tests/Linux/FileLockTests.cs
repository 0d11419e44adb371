using Sprig.IO;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

public class FileLockTests
{
    [Fact]
    public void Of_two_openings_one_has_it_until_it_gives_it_back_or_is_closed()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using FileDescriptor first = DeviceAccess.Open(terminal.DevicePath);
        using FileDescriptor second = DeviceAccess.Open(terminal.DevicePath);
        Assert.Equal(0, FileLock.TryTake(first.Number));
        Assert.Equal(0, FileLock.TryTake(first.Number));
        Assert.Equal(-Errno.EAGAIN, FileLock.TryTake(second.Number));
        FileLock.GiveBack(first.Number);
        Assert.Equal(0, FileLock.TryTake(second.Number));
        second.Dispose();
        Assert.Equal(0, FileLock.TryTake(first.Number));
    }
}
