using System.Device.Gpio;
using Iot.Device.Button;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests.Bindings;

public class GpioButtonTests
{
    private const int Line = 5;

    [Fact]
    public void Its_events_come_on_the_loop_in_their_order() => Proof.Run(async proof =>
    {
        using GpioButton button = new(Line, gpio: proof.Controller, shouldDispose: false);
        List<string> heard = Listen(button, proof);
        for (int i = 0; i < 2; i++)
        {
            proof.Board.Pin(Line).Press();
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(50));
            Assert.True(button.IsPressed);
            proof.Board.Pin(Line).Release();
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(50));
            Assert.False(button.IsPressed);
        }

        Assert.Equal(["down", "up", "press", "down", "up", "press"], heard);
    });

    /// <summary>Its own debouncing takes the first bounce for the end of the press: so it is left to the kernel, here to the
    /// board.</summary>
    [Fact]
    public void A_contact_that_bounces_is_one_press_with_the_kernels_debouncing() => Proof.Run(async proof =>
    {
        using GpioController controller = new(new SprigGpioDriver(proof.Board, ownsChip: false, new SprigGpioDriverOptions
        {
            Configure = (_, settings) => settings with { Debounce = TimeSpan.FromMilliseconds(5) },
        }));
        using GpioButton button = new(Line, gpio: controller, shouldDispose: false);
        List<string> heard = Listen(button, proof);
        Bounce bounce = new(Count: 3, Spacing: TimeSpan.FromMilliseconds(0.5));
        proof.Board.Pin(Line).Press(bounce: bounce);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["down"], heard);
        proof.Board.Pin(Line).Release(bounce);
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["down", "up", "press"], heard);
    });

    /// <summary>Its hold timer is a System.Threading.Timer: the handler runs on a thread of the pool, and comes home by a
    /// post.</summary>
    [Fact]
    public void Holding_is_told_on_a_thread_of_the_pool() => Proof.Run(async proof =>
    {
        CoroutineScheduler home = CoroutineScheduler.Current;
        CompletionSource<bool> held = new("held");
        using GpioButton button = new(
            Line, doublePress: TimeSpan.FromSeconds(1), holding: TimeSpan.FromMilliseconds(1), gpio: proof.Controller, shouldDispose: false)
        {
            IsHoldingEnabled = true,
        };
        button.Holding += (_, e) =>
        {
            bool onLoop = proof.IsOnLoop;
            if (e.HoldingState == ButtonHoldingState.Started)
                home.Post(() => held.SetResult(onLoop));
        };
        proof.Board.Pin(Line).Press();
        using (home.ExpectPosts())
            Assert.False(await held);
    });

    private static List<string> Listen(GpioButton button, Proof proof)
    {
        List<string> heard = [];
        button.ButtonDown += (_, _) => Hear("down");
        button.ButtonUp += (_, _) => Hear("up");
        button.Press += (_, _) => Hear("press");
        return heard;

        void Hear(string what) => heard.Add(proof.IsOnLoop ? what : $"{what} on another thread");
    }
}
