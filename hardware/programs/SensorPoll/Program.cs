using Sprig.Programs;
using Sprig.Scheduling;

return BoardProgram.Run("sensorpoll", SensorPollSettings.Read, async settings =>
{
    using Mhz19 sensor = Mhz19.Open(settings.Serial, settings.Timeout);
    await SensorPoll.RunAsync(sensor, settings);
});

/// <summary>Asks a sensor again and again, and says what it answers, or that it does not.</summary>
internal static class SensorPoll
{
    internal static async Task RunAsync(Mhz19 sensor, SensorPollSettings settings)
    {
        Console.WriteLine($"sensorpoll: {sensor}, asked every {settings.Poll.TotalSeconds} s");
        for (Ticker ticker = new(settings.Poll); ; await ticker.NextAsync())
        {
            string? before = sensor.Trouble;
            if (await sensor.ReadAsync() is { } co2)
                Console.WriteLine($"CO2 {co2} ppm");
            else if (sensor.Trouble != before)
                Console.WriteLine($"no reading: {sensor.Trouble}; asking on");
        }
    }
}
