using System.Device.Gpio;
using Sprig.Devices.Drivers;
using Sprig.IO;
using Sprig.Scheduling;

namespace Snippets.Devices;

/// <summary>The guide's pieces on the driver; each region is one fence.</summary>
internal static class Driver
{
    internal static void DropIn()
    {
        #region driver_drop_in
        using GpioController controller = new(new SprigGpioDriver());
        controller.OpenPin(17, PinMode.Output, PinValue.Low);
        controller.OpenPin(22, PinMode.InputPullUp);
        controller.RegisterCallbackForPinValueChangedEvent(22, PinEventTypes.Falling, (_, _) => controller.Toggle(17));
        #endregion
    }

    internal static async Task WaitAsync(GpioController controller)
    {
        #region driver_wait
        using (Deadline.After(TimeSpan.FromSeconds(10)))
        {
            WaitForEventResult result = await controller.WaitForEventAsync(22, PinEventTypes.Falling, CancellationToken.None);
            Console.WriteLine(result.EventTypes);
        }
        #endregion
    }

    internal static void Overlap(SprigGpioDriver driver, Func<Task> takePicture)
    {
        #region driver_overlap
        using IDisposable handler = driver.OnEdge(22, async edge =>
        {
            Console.WriteLine($"pressed at {edge.Timestamp}");
            await takePicture();
        }, GpioEdges.Falling, CallbackOverlap.Drop);
        #endregion
    }

    internal static GpioController Configured(GpioChip chip)
    {
        #region driver_options
        SprigGpioDriver driver = new(chip, options: new SprigGpioDriverOptions
        {
            Together = [[5, 6, 13, 19]],                            // the data lines of a display: one call for a span of them
            Configure = (pin, line) => pin switch
            {
                22 => line with { Debounce = TimeSpan.FromMilliseconds(5) },
                27 => line with { InitialLevel = true, SafeLevel = true },      // a relay that is off when high
                _ => line,
            },
        });
        #endregion
        return new GpioController(driver);
    }
}
