using System.Device.Gpio;
using Iot.Device.Button;
using Iot.Device.Scd4x;
using Sprig.Devices.Buses;
using Sprig.Devices.Drivers;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Testing.Buses;

namespace Snippets.Devices;

/// <summary>The devices' guide on bindings; each region is one fence.</summary>
internal static class Bindings
{
    internal static async Task AsyncFormAsync(SprigI2cBus bus)
    {
        #region binding_async_form
        using Scd4x sensor = await bus.Lane.RunAsync(() => new Scd4x(bus.CreateDevice(0x62)));  // sleeps for 520 ms
        while (true)
        {
            var (co2, humidity, temperature) = await sensor.ReadPeriodicMeasurementAsync();     // 5 s, and the bus is free meanwhile
            Console.WriteLine($"{co2} {humidity} {temperature}");
        }
        #endregion
    }

    internal static void OnTheLoop()
    {
        #region binding_on_the_loop
        SprigGpioDriver driver = new(new SprigGpioDriverOptions
        {
            Configure = (pin, settings) => pin == 5 ? settings with { Debounce = TimeSpan.FromMilliseconds(5) } : settings,
        });
        using GpioController controller = new(driver);
        using GpioButton button = new(5, gpio: controller, shouldDispose: false);
        button.Press += (_, _) => Console.WriteLine("pressed");                                 // on the loop
        #endregion
    }

    #region test_with_a_simulated_chip
    internal static void A_thermostat_survives_a_sensor_that_drops_out(Func<SprigI2cBus, Task> regulateAsync)
    {
        SimulatedI2cBus wires = new();
        RegisterDevice chip = new(registerBytes: 2) { [0] = 0x1900 };       // 25 degrees in an LM75's register
        wires.Attach(0x48, chip);
        CoroutineScheduler.Run(async () =>
        {
            using SprigI2cBus bus = new(wires);
            Coroutine thermostat = Coroutine.Spawn(() => regulateAsync(bus));
            await Coroutine.Sleep(TimeSpan.FromMinutes(10));
            chip.FailNext(count: 3);                                        // three transfers go wrong,
            await Coroutine.Sleep(TimeSpan.FromMinutes(10));
            wires.Detach(0x48);                                             // then nobody answers any more
            await Coroutine.Sleep(TimeSpan.FromMinutes(10));
            if (!thermostat.IsAlive)
                throw new InvalidOperationException($"It gave up after {wires.Transfers[^1]}.");
            await thermostat.KillAsync();
        }, new SchedulerOptions { Clock = new TestClock() });
    }
    #endregion

    #region simulated_chip_of_your_own
    /// <summary>An 8-bit port, as a PCF8574: what is written is on its pins, what is read is theirs.</summary>
    internal sealed class Port8 : SimulatedI2cDevice
    {
        public byte Pins { get; set; } = 0xFF;

        protected override void OnWrite(ReadOnlySpan<byte> bytes) => Pins = bytes.IsEmpty ? Pins : bytes[^1];

        protected override void OnRead(Span<byte> buffer) => buffer.Fill(Pins);
    }
    #endregion
}
