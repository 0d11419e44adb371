using System.Device.Spi;
using Iot.Device.Adc;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.ReadResult;
using Sprig.Devices.Buses;
using Sprig.IO;
using Sprig.Scheduling;

namespace Snippets.Devices;

/// <summary>The devices' guide's pieces on buses; each region is one fence.</summary>
internal static class Buses
{
    internal static async Task RegistersAsync()
    {
        #region registers
        using SprigI2cBus bus = SprigI2cBus.Create(1);                  // /dev/i2c-1
        using SprigI2cDevice clock = bus.CreateDevice(0x68);
        byte[] time = new byte[7];
        await clock.WriteReadAsync(new byte[] { 0 }, time);             // from register 0 on; the others run meanwhile
        foreach (I2cFinding one in await bus.ScanAsync())
            Console.WriteLine($"0x{one.Address:X2} {one.Driver}");
        #endregion
    }

    internal static async Task BindingAsync()
    {
        #region binding_in_a_lane
        using SprigI2cBus bus = SprigI2cBus.Create(1);
        SprigI2cDevice device = bus.CreateDevice(0x76);
        using Bme280 sensor = await device.Lane.RunAsync(() => new Bme280(device));     // its constructor reads registers
        while (true)
        {
            Bme280ReadResult air = await device.Lane.RunAsync(sensor.Read);             // it sleeps 10 ms in there: the lane does
            Console.WriteLine($"{air.Temperature:F1} {air.Humidity:F0}");
            await Coroutine.Sleep(TimeSpan.FromSeconds(1));
        }
        #endregion
    }

    internal static async Task SpiAsync()
    {
        #region spi
        using SprigSpiDevice device = SprigSpiDevice.Create(new SpiConnectionSettings(busId: 0, chipSelectLine: 0) { ClockFrequency = 1_000_000 });
        byte[] answer = new byte[3];
        await device.TransferFullDuplexAsync(new byte[] { 1, 0x80, 0 }, answer);        // an MCP3008's channel 0, by hand
        using Mcp3008 adc = new(device);                                                // or by the binding, in the lane
        using AnalogInput knob = AnalogInput.FromLane(device.Lane, () => adc.Read(0) / 1023.0);
        await foreach (double position in knob.Values(TimeSpan.FromMilliseconds(50)))
            Console.WriteLine($"{position:P0}");
        #endregion
    }

    internal static async Task PwmAsync(GpioChip chip)
    {
        #region pwm
        using HardwarePwmChannel servo = await HardwarePwmChannel.OpenAsync(chip: 0, channel: 0, frequency: 50, dutyCycle: 0.075);
        servo.Start();
        using LoopPwmChannel lamp = new(chip.OpenOutput(17), frequency: 200, dutyCycle: 0.1);   // any line
        lamp.Start();
        await Coroutine.Sleep(TimeSpan.FromSeconds(10));
        lamp.DutyCycle = 0.5;                                           // from the next period on, without a glitch
        Console.WriteLine($"{lamp.Lateness.Mean} {lamp.Lateness.Max}"); // its jitter
        #endregion
    }

    internal static async Task ThermometerAsync()
    {
        #region one_wire
        foreach (string id in OneWireThermometer.List())
        {
            using OneWireThermometer thermometer = new(id);
            OneWireReading reading = await thermometer.ReadAsync();     // 750 ms, for those who use this 1-Wire bus alone
            Console.WriteLine($"{id} {reading.Temperature} {(reading.MayBePowerOnValue ? "(has it power?)" : "")}");
        }
        #endregion
    }

    internal static async Task AnalogAsync()
    {
        #region analog
        using IioAnalogInput battery = new("ads1015", channel: 0);      // a converter that the kernel drives
        Console.WriteLine($"{await battery.ReadAsync()} V, raw {await battery.ReadRawAsync()}");
        #endregion
    }
}
