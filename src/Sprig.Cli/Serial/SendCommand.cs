using System.CommandLine;
using System.Text;
using Sprig.Scheduling;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial send</c>: its options, and what is to be sent.</summary>
internal static class SendCommand
{
    private const string StandardInput = "-";

    internal static Command Create()
    {
        Argument<string?> text = new("text") { Description = "A line; - sends standard input as it is.", DefaultValueFactory = _ => null };
        Option<string?> hex = new("--hex") { Description = "Bytes, as \"01 03 00\"." };
        Option<string?> file = new("--file") { Description = "A file, as it is; - is standard input." };
        Option<string> lineEnd = SerialOptions.LineEnd();
        Option<double> wait = SerialOptions.Seconds("--wait-answer", "Waits so long for an answer, and shows it until it pauses; 0: not at all.", 0);
        Option<bool> showHex = new("--show-hex") { Description = "Shows the answer in rows of sixteen bytes; usual after --hex." };
        Option<double> timeout = SerialOptions.Seconds("--timeout", "Gives up when the port takes nothing for so many seconds; 0: never.", 10);
        Command command = new("send", "Sends a line, bytes or a file; exit code 1 when not all of it went out, or no answer came.")
        {
            text, hex, file, lineEnd, wait, showHex, timeout,
        };
        SerialOptions port = SerialOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            int given = new[] { result.GetValue(text), result.GetValue(hex), result.GetValue(file) }.Count(one => one is not null);
            if (given != 1)
                result.AddError(given == 0 ? "nothing to send: name a text, --hex, --file or -." : "a text, --hex and --file exclude each other: name one.");
        });
        command.SetAction(parsed => UserError.Run("sprig serial send", () =>
        {
            using Stream payload = Open(parsed.GetValue(text), parsed.GetValue(hex), parsed.GetValue(file), parsed.GetValue(lineEnd) ?? "\n");
            Sending sending = new(Console.Out, Console.Error, port.PortOf(parsed), port.SettingsOf(parsed))
            {
                Patience = AsTime(parsed.GetValue(timeout)),
                AnswerTime = TimeSpan.FromSeconds(parsed.GetValue(wait)),
                View = parsed.GetValue(hex) is null && !parsed.GetValue(showHex) ? ViewKind.Text : ViewKind.Hex,
            };
            CoroutineScheduler.Run(() => sending.RunAsync(payload));
            return sending.IsDone ? 0 : 1;
        }, interrupted: 1));
        return command;
    }

    /// <summary>01 03 00, also 010300 and 0x01,0x03, as bytes.</summary>
    internal static byte[] ParseHex(string text)
    {
        List<byte> bytes = [];
        foreach (string word in text.Split([' ', ',', ':', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            string digits = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word[2..] : word;
            if (digits.Length == 0 || digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
                throw new ArgumentException($"--hex '{text}': '{word}' is no byte; wanted are two digits each, as \"01 03 00\"");
            bytes.AddRange(Convert.FromHexString(digits));
        }

        return bytes.Count > 0 ? [.. bytes] : throw new ArgumentException($"--hex '{text}': there is no byte in it; wanted are two digits each, as \"01 03 00\"");
    }

    private static Stream Open(string? text, string? hex, string? file, string lineEnd)
    {
        if (hex is not null)
            return new MemoryStream(ParseHex(hex));
        if (text == StandardInput || file == StandardInput)
            return TypedInput.Open();
        return file is null
            ? new MemoryStream(Encoding.UTF8.GetBytes(text + lineEnd))
            : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    }

    private static TimeSpan AsTime(double seconds) => seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
