using System.CommandLine;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial loopback</c>: its options.</summary>
internal static class LoopbackCommand
{
    internal static Command Create()
    {
        Option<long> bytes = SerialOptions.Number("--bytes", "How many are sent; 0: as many as fit into --seconds.", 0);
        Option<double> seconds = SerialOptions.Seconds("--seconds", "How long it sends; 0: until --bytes are sent. 5 when neither is given.", 0);
        Option<long> seed = SerialOptions.Number("--seed", "Of the pattern: the same seed sends the same bytes.", 1, long.MinValue);
        Option<string?> port2 = new("--port2") { Description = "Another port, joined with the first by a crossed cable: both ways are tested." };
        Command command = new("loopback", "Sends a pattern out of TX that is wired to RX, and compares what comes back; exit code 1 when a bit differs.")
        {
            bytes, seconds, seed, port2,
        };
        SerialOptions port = SerialOptions.AddTo(command);
        command.SetAction(parsed => UserError.Run("sprig serial loopback", () =>
        {
            double time = parsed.GetValue(seconds);
            Loopback loopback = new(Console.Out, port.PortOf(parsed), port.SettingsOf(parsed), new Pattern(parsed.GetValue(seed)))
            {
                SecondPort = parsed.GetValue(port2),
                Bytes = parsed.GetValue(bytes),
                Length = TimeSpan.FromSeconds(time == 0 && parsed.GetValue(bytes) == 0 ? 5 : time),
            };
            CoroutineScheduler.Run(loopback.RunAsync);
            return loopback.IsClean ? 0 : 1;
        }));
        return command;
    }
}
