using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Cli.Gpio;

/// <summary><c>sprig gpio set</c>: drives pins for a while, then to their safe level.</summary>
internal sealed class LevelSetting(TextWriter output, PinSource pins, IReadOnlyList<(string Pin, bool Level)> levels, TimeSpan length)
{
    private readonly List<(GpioOutput Output, string Name)> _outputs = [];

    /// <summary>How each is driven; its first level is the one that was asked for.</summary>
    internal GpioOutputOptions Options { get; init; } = new();

    /// <summary>GPIO17=1 as a pin and a level.</summary>
    /// <exception cref="ArgumentException">It is no such thing.</exception>
    internal static (string Pin, bool Level) Parse(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        string level = sign < 0 ? "" : text[(sign + 1)..];
        return sign > 0 && level is "0" or "1"
            ? (text[..sign], level == "1")
            : throw new ArgumentException($"'{text}': wanted is a pin and its level, as GPIO17=1 or P11=0.");
    }

    internal void Run(SchedulerOptions options) => CoroutineScheduler.Run(RunAsync, options);

    // All of it inside the run: from the first line on a signal is an end in order.
    private async Task RunAsync()
    {
        try
        {
            foreach ((string pin, bool level) in levels)
                _outputs.Add(pins.OpenOutput(pin, Options with { InitialLevel = level }));
            output.WriteLine($"{string.Join(" ", _outputs.Select(Show))}; {(length == TimeSpan.Zero ? "held until Ctrl+C" : $"held for {length.TotalSeconds} s")}");
            await Coroutine.Sleep(length == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : length);
        }
        finally
        {
            foreach ((GpioOutput one, _) in _outputs)
                one.Dispose();
            if (_outputs.Count == levels.Count)
                output.WriteLine($"{string.Join(" ", _outputs.Select(ShowSafe))}: given back");
        }
    }

    private static string Show((GpioOutput Output, string Name) one) => $"{one.Name}={(one.Output.Level ? 1 : 0)}";

    private static string ShowSafe((GpioOutput Output, string Name) one)
        => one.Output.SafeLevel is { } safe ? $"{one.Name}={(safe ? 1 : 0)}" : $"{Show(one)} (kept, if the chip does)";
}
