using System.CommandLine;
using Sprig.Cli.Gpio;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial monitor</c>: its options.</summary>
internal static class MonitorCommand
{
    private static readonly IReadOnlyDictionary<string, StampKind> s_stamps = new Dictionary<string, StampKind>
    {
        ["start"] = StampKind.Start,
        ["delta"] = StampKind.Delta,
    };

    private static readonly IReadOnlyDictionary<string, LogKind> s_logs = new Dictionary<string, LogKind> { ["raw"] = LogKind.Raw, ["view"] = LogKind.View };

    internal static Command Create()
    {
        Option<bool> hex = new("--hex") { Description = "Rows of sixteen bytes, with the place of the first." };
        Option<bool> text = new("--text") { Description = "Lines; what a terminal would act on is written out, as \\e (usual)." };
        Option<bool> both = new("--both") { Description = "Each line, and its bytes below it." };
        Option<StampKind> stamps = new("--timestamps")
        {
            Description = "Seconds with microseconds before each row: since the start, or delta: since the row before. CLOCK_MONOTONIC, when the bytes were read.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "start|delta",
            // Without a word it is the first of them.
            CustomParser = result => result.Tokens.Count == 0 ? StampKind.Start : OptionWords.Parser(s_stamps)(result),
        };
        Option<double> seconds = SerialOptions.Seconds("--seconds", "How long it listens; 0: until Ctrl+C.", 0);
        Option<long> count = SerialOptions.Number("--count", "Ends after so many lines, with --hex after so many bytes; 0: goes on.", 0);
        Option<string?> log = new("--log") { Description = "Appends what is received to this file." };
        Option<LogKind> logAs = new("--log-as")
        {
            Description = "What goes there: the bytes as they came (usual), or the view's rows.",
            HelpName = "raw|view",
            CustomParser = OptionWords.Parser(s_logs),
        };
        Option<bool> reopen = new("--reopen") { Description = "Unplugged, waits for the port to come back under its name, and goes on." };
        Option<bool> send = new("--send-stdin") { Description = "Sends the lines of standard input." };
        Option<string> lineEnd = SerialOptions.LineEnd();
        Command command = new("monitor", "Shows what a port receives, and sends what is typed.")
        {
            hex, text, both, stamps, seconds, count, log, logAs, send, lineEnd, reopen,
        };
        SerialOptions port = SerialOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (new[] { hex, text, both }.Count(view => result.GetValue(view)) > 1)
                result.AddError("--hex, --text and --both exclude each other: name one.");
        });
        command.SetAction(parsed => UserError.Run("sprig serial monitor", () =>
        {
            CoroutineScheduler.Run(new SerialMonitor(PipeOutput.Open(), port.PortOf(parsed), port.SettingsOf(parsed) with { Reopen = parsed.GetValue(reopen) ? ReopenPolicy.Default : null })
            {
                View = parsed.GetValue(hex) ? ViewKind.Hex : parsed.GetValue(both) ? ViewKind.Both : ViewKind.Text,
                Stamps = parsed.GetValue(stamps),
                Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Count = parsed.GetValue(count),
                LogPath = parsed.GetValue(log),
                LogAs = parsed.GetValue(logAs),
                OpenInput = parsed.GetValue(send) ? TypedInput.Open : null,
                LineEnd = parsed.GetValue(lineEnd) ?? "\n",
            }.RunAsync);
        }));
        return command;
    }
}
