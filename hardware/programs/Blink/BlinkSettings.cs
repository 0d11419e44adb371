using Sprig.Programs;

/// <summary>What Blink can be told.</summary>
/// <param name="Gpio">Which chip.</param>
/// <param name="Leds">The lines, and how long each stays as it is.</param>
internal sealed record BlinkSettings(string Gpio, IReadOnlyDictionary<int, TimeSpan> Leds)
{
    private static readonly Dictionary<int, double> s_leds = new() { [17] = 0.25, [22] = 0.4, [27] = 0.65 };

    internal static BlinkSettings Read(Settings from) => new(
        from.Text("gpio", "auto", Pins.Wanted),
        from.SecondsByLine("leds", s_leds, 0.001, 3600, "how long the LED on that line stays on, and off"));
}
