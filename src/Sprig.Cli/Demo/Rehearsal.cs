using System.Text;
using System.Text.Json;
using Sprig.Devices.Nmea;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>Goes once through what the demo will do, before its clock starts: a program starts cold, and the first sentence
/// alone (parser, unit tables, JSON) takes a small board a second to compile. A blink must not wait for that.</summary>
internal static class Rehearsal
{
    private const string Sentences = """
        $GPRMC,200102.250,A,4807.02000,N,01131.02000,E,5.500,84.400,241126,,*36
        $GPGGA,200102.250,4807.02000,N,01131.02000,E,1,8,0.9,46.9,M,498.5,M,,*69

        """;

    internal static async Task RunAsync(DemoRun demo, Func<DemoRun, Task> view)
    {
        ReadingFeed feed = new();
        Sensor sensor = new("rehearsal", demo.Parts.SerialSettings, feed, new DemoLog(), new ThreadTally());
        await sensor.ReadUntilGoneAsync(new NmeaReader(new MemoryStream(Encoding.ASCII.GetBytes(Sentences))));
        Reading reading = feed.Latest ?? throw new InvalidOperationException("The sentences of the rehearsal gave no reading.");
        _ = JsonSerializer.SerializeToUtf8Bytes(reading, ReadingContext.Default.Reading);
        Tick tick = await new Ticker(TimeSpan.FromMicroseconds(1)).NextAsync();
        new LatenessLog().Add(tick.Lateness);
        _ = PlainView.Describe(reading);
        if (view == TerminalView.ShowAsync)
            _ = TerminalView.Draw(demo);
    }
}
