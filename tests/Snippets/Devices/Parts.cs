using System.Device.Pwm;
using System.Drawing;
using Sprig.Devices;
using Sprig.Devices.Boards;
using Sprig.Hosting;
using Sprig.IO;
using Sprig.Scheduling;

namespace Snippets.Devices;

/// <summary>The devices' guide's pieces on devices; each region is one fence.</summary>
internal static class Parts
{
    internal static int ButtonBlinksLed()
    {
        #region ButtonBlinksLed
        return CoroutineProgram.Run(async () =>
        {
            using GpioChip chip = GpioChip.OpenBoard() ?? throw new IOException("This machine has no GPIO header.");
            using Led led = new(chip, 17);
            using Button button = new(chip, 22);        // between the line and ground
            await foreach (ButtonEvent press in button.Pressed)
                _ = led.Blink(on: TimeSpan.FromSeconds(0.1), off: TimeSpan.FromSeconds(0.1), count: 5);
        });
        #endregion
    }

    internal static async Task OutputsAsync(GpioChip chip, PwmChannel pwm, PwmChannel servoPwm, TimeSpan second)
    {
        #region outputs
        using Led led = new(chip, 17);
        led.On();
        Coroutine blink = led.Blink(on: second / 10, off: second);  // in the background; any write ends it
        await led.PulseAsync(second / 2);                           // this ends it: on for half a second, then off

        using PwmLed lamp = new(pwm);                               // or new PwmLed(chip, 18): PWM in software
        await lamp.FadeAsync(brightness: 0.3, length: second);
        await lamp.PulseAsync(fadeIn: second, fadeOut: second, count: 3);

        using RgbLed rgb = new(chip, red: 5, green: 6, blue: 13);
        rgb.Color = Color.Orange;

        using Servo servo = new(servoPwm) { Angle = 0 };
        await servo.SweepAsync(angle: 45, length: second);

        using Stepper stepper = new(chip, 23, 24, 25, 8);
        await stepper.MoveAsync(4096);                              // one turn of a 28BYJ-48
        #endregion
        Console.WriteLine(blink.State);
    }

    internal static async Task ButtonAsync(GpioChip chip)
    {
        #region button_events
        using Button button = new(chip, 22);
        using IDisposable clicks = button.Clicked.Subscribe(click => Console.WriteLine("click"));
        using IDisposable saves = button.DoubleClicked.Subscribe(async twice => await File.WriteAllTextAsync("saved", "yes"));
        await button.WaitForPressAsync();                           // now, if it is down already
        ButtonEvent released = await button.Released.NextAsync();   // the next one
        Console.WriteLine($"held for {released.HeldFor}");
        await foreach (ButtonEvent tick in button.HeldRepeat)
            Console.WriteLine("louder");
        #endregion
    }

    internal static async Task FollowAsync(GpioChip chip)
    {
        #region follow
        using Button button = new(chip, 22);
        using RotaryEncoder knob = new(chip, 5, 6, new RotaryEncoderOptions { Minimum = 0, Maximum = 10 });
        using Led led = new(chip, 17), dark = new(chip, 27);
        using LedBar bar = new(chip, 23, 24, 25, 8, 7);
        await Task.WhenAll(
            led.FollowAsync(button.Values()),
            dark.FollowAsync(button.Values().Select(pressed => !pressed)),
            bar.FollowAsync(knob.Values().Select(position => position / 10.0)));
        #endregion
    }

    internal static async Task SensorsAsync(GpioChip chip)
    {
        #region sensors
        using DistanceSensor distance = new(chip, trigger: 23, echo: 24) { Temperature = 15 };
        await foreach (double? metres in distance.Values(period: TimeSpan.FromSeconds(0.5)))
            Console.WriteLine(metres is null ? "nothing near" : $"{metres:F2} m");
        #endregion
    }

    internal static async Task ClimateAsync(GpioChip chip)
    {
        #region climate
        using Dht22 climate = new(chip, 4);
        DhtReading reading = await climate.ReadAsync();             // asks again where an answer is garbled
        Console.WriteLine($"{reading.Celsius} °C, {reading.Humidity} %");
        #endregion
    }

    internal static void Names()
    {
        #region parts_by_name
        using Board board = Board.Open();
        using Led led = new(board.OpenOutput("GPIO17"));
        using Button button = new(board.OpenInput("P15", new ButtonOptions().Input));
        #endregion
    }
}
