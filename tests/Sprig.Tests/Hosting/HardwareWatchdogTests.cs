using Sprig.Hosting;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Tests.IO;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Hosting;

/// <summary>Which of the program's states the board's watchdog is fed in.</summary>
public class HardwareWatchdogTests
{
    private readonly VirtualRun _run = new();
    private readonly WatchdogDouble _driver = new();
    private readonly Health _health = new() { Reported = static (_, _) => { } };

    [Fact]
    public void It_is_fed_three_times_in_its_time_and_stopped_in_the_end()
    {
        _run.Run(async () =>
        {
            using HardwareWatchdog watchdog = Begin();
            Assert.Equal(TimeSpan.FromSeconds(15), watchdog.Device.Timeout);
            await Bodies.SleepFor(16);
            watchdog.Dispose();
            await Bodies.SleepFor(16);
        });
        Assert.Equal(["15 s", "alive", "alive", "alive", "alive", "V", "closed"], _driver.Calls);
    }

    [Fact]
    public void It_starves_while_a_heartbeat_is_overdue()
    {
        _run.Run(async () =>
        {
            HardwareWatchdog watchdog = Begin();
            Heartbeat beat = new(_health, "sensor", VirtualRun.Seconds(7), "here:1");
            await Bodies.SleepFor(60);
            Assert.Equal(["15 s", "alive", "alive"], _driver.Calls);
            beat.Beat();
            await Bodies.SleepFor(6);
            Assert.Equal(["15 s", "alive", "alive", "alive"], _driver.Calls);
        });
    }

    [Fact]
    public void A_program_that_ends_without_disposing_of_it_leaves_it_running()
    {
        _run.Run(async () =>
        {
            Begin();
            await Coroutine.Yield();
        });
        Assert.Equal(["15 s", "alive"], _driver.Calls);
    }

    [Fact]
    public void A_device_that_is_gone_is_reported_and_ends_nothing()
    {
        _run.Run(async () =>
        {
            Begin();
            _driver.Errors[Sprig.Linux.WatchdogUapi.KeepAlive] = -Sprig.Linux.Errno.ENODEV;
            await Bodies.SleepFor(6);
        });
        Assert.Contains("the device is gone", _run.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_not_opened_where_no_loop_would_feed_it()
        => Assert.Throws<InvalidOperationException>(() => HardwareWatchdog.Open("/dev/no-such-watchdog"));

    private HardwareWatchdog Begin() => new(new WatchdogDevice(_driver, "/dev/watchdog9", TimeSpan.FromSeconds(15)), _health);
}
