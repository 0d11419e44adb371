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
