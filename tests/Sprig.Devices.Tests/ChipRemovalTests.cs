using Sprig.Scheduling;
using Xunit;
using static Sprig.Devices.Tests.DeviceRun;

namespace Sprig.Devices.Tests;

/// <summary>The chip is unplugged while devices are in use: everybody is told, nothing is held, nothing waits for ever.</summary>
public class ChipRemovalTests
{
    private static readonly ButtonOptions s_options = new() { Debounce = TimeSpan.Zero };

    [Fact]
    public void Every_waiter_and_every_stream_of_a_button_gets_the_error() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        Coroutine[] listeners =
        [
            Coroutine.Spawn(() => button.WaitForPressAsync()),
            Coroutine.Spawn(() => button.Released.NextAsync()),
            Coroutine.Spawn(async () =>
            {
                await foreach (ButtonEvent _ in button.DoubleClicked)
                {
                }
            }),
            Coroutine.Spawn(async () =>
            {
                await foreach (bool _ in button.Values())
                {
                }
            }),
        ];
        await Coroutine.Sleep(Seconds(1));
        run.Board.Remove();
        foreach (Coroutine listener in listeners)
            Assert.Contains("device is gone", (await Assert.ThrowsAsync<IOException>(async () => await listener)).Message, StringComparison.Ordinal);
        // And so does who comes later.
        await Assert.ThrowsAsync<IOException>(async () => await button.WaitForReleaseAsync());
        await Assert.ThrowsAsync<IOException>(async () => await button.Pressed.NextAsync());
        Assert.Throws<IOException>(() => button.Held.Subscribe(_ => { }));
    });

    [Fact]
    public void Where_nobody_waits_it_is_reported_once() => Run(async run =>
    {
        using Button button = new(run.Board, 22, s_options);
        using IDisposable handler = button.Pressed.Subscribe(async _ => await Coroutine.Yield());
        await Coroutine.Sleep(Seconds(1));
        run.Board.Remove();
        await Coroutine.Sleep(Seconds(1));
        Assert.Contains("the button on line 22: ", Assert.Single(run.TakeReports()), StringComparison.Ordinal);
        Assert.Equal(0, button.Pressed.ListenerCount);
    });

    [Fact]
    public void Other_inputs_tell_it_too() => Run(async run =>
    {
        using MotionSensor motion = new(run.Board, 1);
        using RotaryEncoder encoder = new(run.Board, 2, 3);
        using DistanceSensor distance = new(run.Board, 4, 5);
        using Dht22 dht = new(run.Board, 6);
        Coroutine[] waiters =
        [
            Coroutine.Spawn(() => motion.WaitForMotionAsync()),
            Coroutine.Spawn(() => encoder.Turned.NextAsync()),
            Coroutine.Spawn(() => distance.ReadAsync()),
            Coroutine.Spawn(() => dht.ReadAsync()),
        ];
        await Coroutine.Sleep(Milliseconds(0.5));
        run.Board.Remove();
        foreach (Coroutine waiter in waiters)
            await Assert.ThrowsAsync<IOException>(async () => await waiter);
    });

    [Fact]
    public void A_blink_fails_once_and_the_next_write_throws() => Run(async run =>
    {
        using Led led = new(run.Board, 17);
        Coroutine blink = led.Blink(Seconds(1), Seconds(1));
        await Coroutine.Sleep(Seconds(0.5));
        run.Board.Remove();
        await Assert.ThrowsAsync<IOException>(async () => await blink);
        Assert.StartsWith("blink of the LED on line 17: ", Assert.Single(run.TakeReports()), StringComparison.Ordinal);
        Assert.Throws<IOException>(led.On);
        // The one that waits for a pulse is told, and nobody else.
        await Assert.ThrowsAsync<IOException>(() => led.PulseAsync(Seconds(1)));
    });

    [Fact]
    public void Outputs_of_several_lines_throw_and_still_end() => Run(async run =>
    {
        using RgbLed rgb = new(run.Board, 1, 2, 3);
        using Motor motor = new(run.Board, 4, 5);
        using Stepper stepper = new(run.Board, 6, 7, 8, 9);
        using LedBar bar = new(run.Board, 10, 11);
        Coroutine move = Coroutine.Spawn(() => stepper.MoveAsync(100));
        await Coroutine.Sleep(Milliseconds(5));
        run.Board.Remove();
        await Assert.ThrowsAsync<IOException>(async () => await move);
        Assert.Equal(3, stepper.Position);
        Assert.Throws<IOException>(rgb.On);
        Assert.Throws<IOException>(() => motor.Forward());
        Assert.Throws<IOException>(() => bar.Value = 1);
    });
}
