using System.Globalization;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>The demo's view where the output is no terminal: a line a second, and one an event.</summary>
internal static class PlainView
{
    internal static async Task ShowAsync(DemoRun demo)
    {
        Ticker ticker = new(TimeSpan.FromSeconds(1));
        while (true)
        {
            await ticker.NextAsync();
            string leds = string.Join(" ", demo.Blinkers.Select(blinker => $"{blinker.Name}={(blinker.IsLit ? "on" : "off")}({blinker.Toggles})"));
            demo.Log.Say(string.Create(CultureInfo.InvariantCulture,
                $"{demo.Elapsed.TotalSeconds,4:0} s  {leds}  {Describe(demo.Feed.Latest)}  clients {demo.Server.Connected}"));
        }
    }

    internal static string Describe(Reading? reading) => reading is null ? "no reading yet"
        : string.Create(CultureInfo.InvariantCulture, $"{reading.Latitude:0.0000} N {reading.Longitude:0.0000} E {reading.SpeedKnots:0.0} kn");
}
