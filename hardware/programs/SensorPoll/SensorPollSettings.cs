using Sprig.Programs;

/// <summary>What SensorPoll can be told.</summary>
/// <param name="Serial">Where the sensor is.</param>
/// <param name="Poll">How often it is asked.</param>
/// <param name="Timeout">How long an answer may take.</param>
internal sealed record SensorPollSettings(string Serial, TimeSpan Poll, TimeSpan Timeout)
{
    internal static SensorPollSettings Read(Settings from) => new(
        from.Text("serial", "auto", Mhz19.Wanted),
        from.Seconds("poll", 2, 0.1, 86400, "the time between two questions"),
        from.Seconds("timeout", 1, 0.01, 60, "how long an answer may take"));
}
