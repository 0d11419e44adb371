using Sprig.Hosting;
using Sprig.Programs;
using Sprig.Scheduling;

return BoardProgram.Run("sensorpoll", args, SensorPollSettings.Read, async settings =>
{
    using Mhz19 sensor = Mhz19.Open(settings.Serial, settings.Timeout);
    await SensorPoll.RunAsync(sensor, settings);
});

/// <summary>Asks a sensor again and again, and says what it answers, or that it does not.</summary>
internal static class SensorPoll
{
    internal static async Task RunAsync(Mhz19 sensor, SensorPollSettings settings)
    {
        Log.Say($"sensorpoll: {sensor}, asked every {settings.Poll.TotalSeconds} s");
        // A watchdog bites when no question has come to its end for so long. No answer is an end too: the sensor may be unplugged.
        using Heartbeat heartbeat = Heartbeat.Expect("sensor", settings.Poll + settings.Timeout * 5);
        for (Ticker ticker = new(settings.Poll); ; await ticker.NextAsync())
        {
            if (await sensor.ReadAsync() is { } co2)
                Log.Say($"CO2 {co2} ppm", [("CO2_PPM", co2)]);
            heartbeat.Beat();
        }
    }
}
