using System.Globalization;

namespace Sprig.Hosting;

/// <summary>What the environment says of the program as a service: systemd's variables, and ours for the hardware watchdog.</summary>
/// <param name="NotifyAddress">Where the service manager listens; null: there is none.</param>
/// <param name="WatchdogTimeout">The manager kills a program that has not told so long that it is alive; null: it does not.</param>
/// <param name="HardwareWatchdog">The device that resets the board; null: none is asked for.</param>
/// <param name="HardwareTimeout">And how long it shall wait; null: it is not said.</param>
internal sealed record ServiceEnvironment(string? NotifyAddress, TimeSpan? WatchdogTimeout, string? HardwareWatchdog, TimeSpan? HardwareTimeout)
{
    internal const string WatchdogVariable = "SPRIG_WATCHDOG";
    internal const string TimeoutVariable = "SPRIG_WATCHDOG_TIMEOUT";

    private static readonly string[] s_ours = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", WatchdogVariable, TimeoutVariable];

    /// <summary>Takes them out of the environment: child processes must not speak for this one, nor want its watchdog.</summary>
    internal static ServiceEnvironment TakeFromProcess()
        => Take(Environment.GetEnvironmentVariable, name => Environment.SetEnvironmentVariable(name, null), Environment.ProcessId);

    /// <param name="get">The value of a variable, null where it is not set.</param>
    /// <param name="unset">Called for those that are set.</param>
    /// <param name="process">This process's number.</param>
    /// <exception cref="SettingException">A value is none.</exception>
    internal static ServiceEnvironment Take(Func<string, string?> get, Action<string> unset, int process)
    {
        string? address = NullIfEmpty(get("NOTIFY_SOCKET"));
        // systemd's manuals also name vsock: for virtual machines, where the manager itself speaks so; no service gets one.
        if (address is not (null or ['/' or '@', ..]))
            address = null;
        ServiceEnvironment environment = new(
            address,
            address is not null && IsFor(get("WATCHDOG_PID"), process) ? ToTimeout(get("WATCHDOG_USEC")) : null,
            NullIfEmpty(get(WatchdogVariable)),
            ToSeconds(get(TimeoutVariable)));
        foreach (string name in s_ours)
        {
            if (get(name) is not null)
                unset(name);
        }

        return environment;
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    // Set for a process that was started by the one that is meant, it is not for this one.
    private static bool IsFor(string? number, int process)
        => string.IsNullOrEmpty(number) || number == process.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan? ToTimeout(string? microseconds)
        => long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count is > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? new TimeSpan(count * TimeSpan.TicksPerMicrosecond) : null;

    private static TimeSpan? ToSeconds(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : throw new SettingException(TimeoutVariable, $"'{value}' is no time: it takes a whole number of seconds, at least 1.");
    }
}
