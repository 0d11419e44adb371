using Sprig.IO;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO;

public class WatchdogDeviceTests
{
    private const string Path = "/dev/watchdog9";

    [Fact]
    public void It_is_set_fed_and_stopped_by_the_magic_letter()
    {
        WatchdogDouble driver = new();
        using (WatchdogDevice device = Open(driver, 9.2))
        {
            Assert.Equal((Path, "A double", TimeSpan.FromSeconds(10), true), (device.Path, device.Identity, device.Timeout, device.OutlivesProcess));
            device.KeepAlive();
            device.Dispose();
            Assert.Throws<ObjectDisposedException>(device.KeepAlive);
        }

        Assert.Equal(["10 s", "alive", "alive", "V", "closed"], driver.Calls);
    }

    [Fact]
    public void A_driver_that_takes_what_is_nearest_has_the_last_word()
    {
        using WatchdogDevice device = Open(new WatchdogDouble { Clamps = true }, 60);
        Assert.Equal(TimeSpan.FromSeconds(15), device.Timeout);
    }

    [Fact]
    public void A_time_that_it_refuses_is_an_error_and_leaves_it_stopped()
    {
        WatchdogDouble driver = new();
        IOException error = Assert.Throws<IOException>(() => Open(driver, 60));
        Assert.Equal("/dev/watchdog9 (A double) takes no time of 60 s; a Raspberry Pi's takes at most 15 s. Ask for less.", error.Message);
        Assert.Equal(["V", "closed"], driver.Calls);
    }

    [Fact]
    public void One_with_a_fixed_time_has_that()
    {
        WatchdogDouble driver = new() { Options = WatchdogUapi.NeedsMagicClose };
        using WatchdogDevice device = Open(driver, 10);
        Assert.Equal(TimeSpan.FromSeconds(60), device.Timeout);
        Assert.Equal(["alive"], driver.Calls);
    }

    [Fact]
    public void One_that_cannot_tell_its_time_has_what_it_was_given()
    {
        using WatchdogDevice device = Open(new WatchdogDouble { Errors = { [WatchdogUapi.GetTimeout] = -Errno.EOPNOTSUPP } }, 10);
        Assert.Equal(TimeSpan.FromSeconds(10), device.Timeout);
        Assert.Throws<IOException>(() => Open(new WatchdogDouble { Options = 0, Errors = { [WatchdogUapi.GetTimeout] = -Errno.EOPNOTSUPP } }, 10));
    }

    [Fact]
    public void One_that_stops_with_every_close_says_so()
    {
        using WatchdogDevice device = Open(new WatchdogDouble { Options = WatchdogUapi.TakesTimeout }, 10);
        Assert.False(device.OutlivesProcess);
    }

    [Theory]
    [InlineData(WatchdogUapi.SetTimeout, Errno.EIO, "set the time to 10 s of /dev/watchdog9: ")]
    [InlineData(WatchdogUapi.KeepAlive, Errno.EIO, "feed /dev/watchdog9: ")]
    public void What_fails_on_the_way_leaves_it_stopped(uint request, int errno, string message)
    {
        WatchdogDouble driver = new() { Errors = { [request] = -errno } };
        Assert.StartsWith(message, Assert.Throws<IOException>(() => Open(driver, 10)).Message, StringComparison.Ordinal);
        Assert.Equal(["V", "closed"], driver.Calls[^2..]);
    }

    [Fact]
    public void A_file_that_is_none_is_told_and_not_written_to()
    {
        string path = System.IO.Path.GetTempFileName();
        try
        {
            Assert.Equal($"{path} is no watchdog.", Assert.Throws<IOException>(() => WatchdogDevice.Open(path, TimeSpan.FromSeconds(10))).Message);
            Assert.Equal("", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Bad_input_is_told()
    {
        Assert.Throws<ArgumentException>(() => WatchdogDevice.Open("", TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => WatchdogDevice.Open(Path, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => WatchdogDevice.Open(Path, TimeSpan.MaxValue));
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => WatchdogDevice.Open("/dev/no-such-watchdog", TimeSpan.FromSeconds(1)));
        Assert.Contains("bcm2835_wdt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_in_use_says_by_whom_and_what_to_do()
    {
        Assert.StartsWith($"{Path} is in use, and that is by systemd itself. Set RuntimeWatchdogSec=off", Busy(new DeviceHolder(1, "systemd")), StringComparison.Ordinal);
        Assert.StartsWith($"{Path} is in use, most likely by systemd itself.", Busy(null), StringComparison.Ordinal);
        Assert.StartsWith($"{Path} is held by 'watchdogd' (process 412)", Busy(new DeviceHolder(412, "watchdogd")), StringComparison.Ordinal);
        Assert.IsType<UnauthorizedAccessException>(KernelWatchdog.Explain(Errno.EACCES, "/dev/null", null));
    }

    [Fact]
    public void Who_has_a_device_open_is_found()
    {
        string path = System.IO.Path.GetTempFileName();
        using (File.OpenRead(path))
            Assert.Equal(Environment.ProcessId, DeviceHolder.Find(path)?.ProcessId);
        File.Delete(path);
        Assert.Null(DeviceHolder.Find(path));
    }

    private static string Busy(DeviceHolder? holder) => KernelWatchdog.Explain(Errno.EBUSY, Path, holder).Message;

    private static WatchdogDevice Open(WatchdogDouble driver, double seconds) => new(driver, Path, TimeSpan.FromSeconds(seconds));
}
