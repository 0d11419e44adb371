using System.Diagnostics;
using Sprig.Devices;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>Devices on lines.</summary>
public class DeviceTests
{
    [Fact]
    public void A_button_lights_an_led() => Bench.Run(async bench =>
    {
        using Led led = new(bench.Chip, 17);
        using Button button = new(bench.Chip, 22);
        bench.Pull(22, true);
        _ = Coroutine.Spawn(() => led.FollowAsync(button.Values()), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        foreach (bool pressed in (bool[])[true, false, true])
        {
            bench.Pull(22, !pressed);
            while (bench.Measure(17) != pressed)
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        }
    });

    /// <summary>When it comes back the hold time is over, and the release stands in the kernel's buffer.</summary>
    [Fact]
    public void A_loop_that_stands_in_mid_press_still_tells_a_click_from_a_hold() => Bench.Run(async bench =>
    {
        // Long beside what an emulated processor takes from the press to the release, compiling on its way.
        TimeSpan hold = TimeSpan.FromSeconds(2);
        using Button button = new(
            bench.Chip, 22, new ButtonOptions { Debounce = TimeSpan.Zero, HoldTime = hold, DoubleClickTime = TimeSpan.Zero });
        List<string> told = [];
        using IDisposable held = button.Held.Subscribe(_ => told.Add("held"));
        using IDisposable clicked = button.Clicked.Subscribe(_ => told.Add("click"));
        using IDisposable released = button.Released.Subscribe(_ => told.Add("released"));
        Coroutine press = Coroutine.Spawn(() => button.WaitForPressAsync());
        bench.Pull(22, false);
        await press;
        bench.Pull(22, true);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < hold * 1.1;)
            Thread.SpinWait(100);
        await button.WaitForReleaseAsync();
        Assert.Equal(["released", "click"], told);
    });

    [Fact]
    public void A_blink_of_three_is_three() => Bench.Run(async bench =>
    {
        using Led led = new(bench.Chip, 17);
        int lit = 0;
        Coroutine blink = led.Blink(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), 3);
        for (bool last = false; blink.IsAlive; await Coroutine.Sleep(TimeSpan.FromMilliseconds(1)))
        {
            bool now = bench.Measure(17);
            lit += now && !last ? 1 : 0;
            last = now;
        }

        Assert.Equal(3, lit);
        Assert.False(bench.Measure(17));
    });
}
