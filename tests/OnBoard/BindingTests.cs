using System.Device.Gpio;
using Iot.Device.Button;
using Iot.Device.Hcsr501;
using Iot.Device.RotaryEncoder;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Xunit;

namespace OnBoard;

/// <summary>Bindings of Iot.Device.Bindings on pins, unchanged, their events on the loop.</summary>
public class BindingTests
{
    [Fact]
    public void A_button_is_pressed() => OnController(async (bench, controller) =>
    {
        bench.Pull(22, true);
        using GpioButton button = new(22, gpio: controller, shouldDispose: false);
        List<string> heard = [];
        int own = Environment.CurrentManagedThreadId;
        button.ButtonDown += (_, _) => heard.Add(Environment.CurrentManagedThreadId == own ? "down" : "elsewhere");
        button.Press += (_, _) => heard.Add(Environment.CurrentManagedThreadId == own ? "press" : "elsewhere");
        bench.Pull(22, false);
        await Until(() => heard.Count == 1);
        bench.Pull(22, true);
        await Until(() => heard.Count == 2);
        Assert.Equal(["down", "press"], heard);
    });

    [Fact]
    public void Motion_is_detected() => OnController(async (bench, controller) =>
    {
        using Hcsr501 sensor = new(16, controller, shouldDispose: false);
        List<PinValue> heard = [];
        sensor.Hcsr501ValueChanged += (_, change) => heard.Add(change.PinValue);
        foreach (bool moves in (bool[])[true, false])
        {
            bench.Pull(16, moves);
            await Until(() => heard.Count == (moves ? 1 : 2));
        }

        Assert.Equal([PinValue.High, PinValue.Low], heard);
    });

    [Fact]
    public void A_knob_is_turned() => OnController(async (bench, controller) =>
    {
        bench.Pull(20, true);
        bench.Pull(21, true);
        using QuadratureRotaryEncoder knob = new(20, 21, PinEventTypes.Falling, 20, controller, shouldDispose: false) { Debounce = TimeSpan.Zero };
        for (int detent = 1; detent <= 5; detent++)
        {
            // It reads the other pin when its handler runs: so that is waited for before the other moves.
            bench.Pull(20, false);
            await Until(() => knob.PulseCount == -detent);
            bench.Pull(21, false);
            bench.Pull(20, true);
            bench.Pull(21, true);
        }
    });

    private static void OnController(Func<Bench, GpioController, Task> test) => Bench.Run(async bench =>
    {
        using GpioController controller = new(new SprigGpioDriver(bench.Chip, ownsChip: false));
        await test(bench, controller);
    });

    private static async Task Until(Func<bool> holds)
    {
        while (!holds())
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
    }
}
