using Sprig.IO;
using Sprig.Programs;
using Sprig.Scheduling;
using Sprig.Supervision;

return BoardProgram.Run("blink", args, BlinkSettings.Read, async settings =>
{
    using GpioChip chip = Pins.Open(settings.Gpio);
    await Blink.RunAsync(chip, settings);
});

/// <summary>LEDs, each in a coroutine and at a beat of its own, all on one thread.</summary>
internal static class Blink
{
    internal static async Task RunAsync(GpioChip chip, BlinkSettings settings)
    {
        Log.Say($"blink: {Pins.Describe(chip)}; LEDs on {string.Join(", ", settings.Leds.Select(led => $"{led.Key} ({led.Value.TotalSeconds} s)"))}");
        // One that fails ends the others, and all are dark then.
        await CoroutineScope.RunAsync(scope =>
        {
            foreach ((int line, TimeSpan period) in settings.Leds)
                _ = scope.Spawn(() => BlinkAsync(chip, line, period), new SpawnOptions { Name = $"LED on {line}" });
            return Task.CompletedTask;
        });
    }

    private static async Task BlinkAsync(GpioChip chip, int line, TimeSpan period)
    {
        // Low is the safe level, unless said otherwise: the LED is dark however the program ends.
        using GpioOutput led = chip.OpenOutput(line);
        for (Ticker ticker = new(period); ; await ticker.NextAsync())
            led.Toggle();
    }
}
