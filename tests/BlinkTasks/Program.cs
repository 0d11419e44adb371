using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Globalization;
using System.Runtime.InteropServices;
using Sprig.Programs;

// Blink without Sprig: the same settings and periods, on System.Device.Gpio with tasks. For hardware/tests/compare-blink.
BlinkSettings settings = Settings.Read("blink", args, BlinkSettings.Read);
int chip = int.Parse(settings.Gpio.Replace("/dev/gpiochip", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
using GpioController controller = new(new LibGpiodDriver(chip));
using CancellationTokenSource end = new();
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
Console.WriteLine($"blink: gpiochip{chip}; LEDs on {string.Join(", ", settings.Leds.Select(led => $"{led.Key} ({led.Value.TotalSeconds} s)"))}");
await Task.WhenAll(settings.Leds.Select(led => BlinkAsync(controller, led.Key, led.Value, end.Token)));

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}

static async Task BlinkAsync(GpioController controller, int line, TimeSpan period, CancellationToken end)
{
    controller.OpenPin(line, PinMode.Output, PinValue.Low);
    using PeriodicTimer timer = new(period);
    try
    {
        do
            controller.Toggle(line);
        while (await timer.WaitForNextTickAsync(end));
    }
    catch (OperationCanceledException)
    {
        // The program is to end.
    }
    finally
    {
        controller.Write(line, PinValue.Low);
    }
}
