using System.CommandLine;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Testing.Serial;

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
        Option<double> noise = new("--noise") { Description = "With sim: this part of the bytes is lost, turned, or comes in between, as 0.01." };
        noise.Validators.Add(OptionRules.Check<double>(noise, value => value is >= 0 and <= 0.5, "a part of one, 0 to 0.5"));
        Command command = new("loopback", "Sends a pattern out of TX that is wired to RX, and compares what comes back; exit code 1 when a bit differs, or when it was interrupted.")
        {
            bytes, seconds, seed, port2, noise,
        };
        SerialOptions port = SerialOptions.AddTo(command);
        command.SetAction(parsed => UserError.Run("sprig serial loopback", () =>
        {
            string name = port.PortOf(parsed);
            SerialSettings settings = port.SettingsOf(parsed);
            // A pattern has all bytes in it.
            if (settings.Handshake is Handshake.XOnXOff or Handshake.RequestToSendXOnXOff)
                throw new ArgumentException("--flow: XON and XOFF would be taken out of the pattern; test with none or rts");
            double rate = parsed.GetValue(noise);
            if (rate > 0 && name != SerialLink.Simulated)
                throw new ArgumentException($"--noise: {name} has its own noise; it is for the port sim");
            double time = parsed.GetValue(seconds);
            Loopback loopback = new(Console.Out, name, settings, new Pattern(parsed.GetValue(seed)))
            {
                // A third of each, and half of that on each way.
                Noise = rate > 0 ? new LineNoise { DropRate = rate / 6, CorruptRate = rate / 6, InsertRate = rate / 6 } : null,
                SecondPort = parsed.GetValue(port2),
                Bytes = parsed.GetValue(bytes),
                Length = TimeSpan.FromSeconds(time == 0 && parsed.GetValue(bytes) == 0 ? 5 : time),
            };
            CoroutineScheduler.Run(loopback.RunAsync);
            return loopback.IsClean ? 0 : 1;
        }, interrupted: 1));
        return command;
    }
}
