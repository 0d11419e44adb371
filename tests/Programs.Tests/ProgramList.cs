namespace Sprig.Programs.Tests;

/// <summary>The three, as tests go through them.</summary>
internal static class ProgramList
{
    internal static readonly string[] All = ["Blink", "SensorPoll", "Gateway"];

    internal static IReadOnlyList<Setting> SettingsOf(string program) => program switch
    {
        "Blink" => Settings.Describe(BlinkSettings.Read),
        "SensorPoll" => Settings.Describe(SensorPollSettings.Read),
        "Gateway" => Settings.Describe(GatewaySettings.Read),
        _ => throw new ArgumentOutOfRangeException(nameof(program)),
    };

    internal static object Read(string program, params string[] arguments)
    {
        string name = program.ToLowerInvariant();
        return program switch
        {
            "Blink" => Settings.Read(name, arguments, BlinkSettings.Read),
            "SensorPoll" => Settings.Read(name, arguments, SensorPollSettings.Read),
            "Gateway" => Settings.Read(name, arguments, GatewaySettings.Read),
            _ => throw new ArgumentOutOfRangeException(nameof(program)),
        };
    }
}
