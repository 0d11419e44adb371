using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sprig.Cli.Gpio;
using Sprig.IO.Ports;

namespace Sprig.Cli.Serial;

/// <summary>What the serial commands have in common: the port, and how it is set.</summary>
internal sealed class SerialOptions
{
    private static readonly IReadOnlyDictionary<string, string> s_lineEnds = new Dictionary<string, string>
    {
        ["lf"] = "\n",
        ["crlf"] = "\r\n",
        ["cr"] = "\r",
        ["none"] = "",
    };

    private static readonly IReadOnlyDictionary<string, Handshake> s_handshakes = new Dictionary<string, Handshake>
    {
        ["none"] = Handshake.None,
        ["rts"] = Handshake.RequestToSend,
        ["xon"] = Handshake.XOnXOff,
        ["both"] = Handshake.RequestToSendXOnXOff,
    };

    private readonly Argument<string> _port = new("port") { Description = "A path, as /dev/ttyUSB0, a name in /dev, or sim." };
    private readonly Option<int> _baud = new("--baud") { Description = "Bits a second: any rate that the hardware makes.", DefaultValueFactory = _ => 9600 };
    private readonly Option<SerialSettings?> _format = new("--format") { Description = "Data bits, parity (N, O, E, M, S) and stop bits: 8N1 unless given.", HelpName = "8N1" };

    private readonly Option<Handshake> _flow = new("--flow")
    {
        Description = "How the two ends stop each other: by the lines RTS and CTS, by XON and XOFF, by both; not at all unless given.",
        HelpName = "none|rts|xon|both",
        CustomParser = OptionWords.Parser(s_handshakes),
    };

    private SerialOptions()
    {
        _baud.Validators.Add(OptionRules.Check<int>(_baud, value => value is >= 1 and <= 50_000_000, "a baud rate, as 9600"));
        _format.CustomParser = ParseFormat;
    }

    /// <summary>Adds the port and its settings to a command.</summary>
    internal static SerialOptions AddTo(Command command)
    {
        SerialOptions options = new();
        command.Arguments.Insert(0, options._port);
        command.Options.Add(options._baud);
        command.Options.Add(options._format);
        command.Options.Add(options._flow);
        return options;
    }

    internal string PortOf(ParseResult parsed) => parsed.GetValue(_port)!;

    internal SerialSettings SettingsOf(ParseResult parsed) => (parsed.GetValue(_format) ?? new()) with
    {
        BaudRate = parsed.GetValue(_baud),
        Handshake = parsed.GetValue(_flow),
    };

    /// <summary>What is put behind a line that is sent; null: it was not said.</summary>
    internal static Option<string> LineEnd()
        => new Option<string>("--line-end")
        {
            Description = "What ends a line that is sent: lf unless given.",
            HelpName = "lf|crlf|cr|none",
            CustomParser = OptionWords.Parser(s_lineEnds),
        };

    internal static Option<double> Seconds(string name, string description, double usual)
    {
        Option<double> seconds = new(name) { Description = description, DefaultValueFactory = _ => usual };
        seconds.Validators.Add(OptionRules.Check<double>(seconds, value => value is >= 0 and <= 1e9, "a number of seconds from 0"));
        return seconds;
    }

    internal static Option<long> Number(string name, string description, long usual, long least = 0)
    {
        Option<long> number = new(name) { Description = description, DefaultValueFactory = _ => usual };
        number.Validators.Add(OptionRules.Check<long>(number, value => value >= least, string.Create(CultureInfo.InvariantCulture, $"a number from {least}")));
        return number;
    }

    /// <summary>8N1 as settings.</summary>
    private static SerialSettings? ParseFormat(ArgumentResult result)
    {
        string given = string.Join(' ', result.Tokens.Select(token => token.Value));
        int parity = given.Length < 3 ? -1 : "NOEMS".IndexOf(char.ToUpperInvariant(given[1]), StringComparison.Ordinal);
        StopBits stopBits = given.Length < 3 ? StopBits.None : given[2..] switch
        {
            "1" => StopBits.One,
            "1.5" => StopBits.OnePointFive,
            "2" => StopBits.Two,
            _ => StopBits.None,
        };
        if (given.Length >= 3 && given[0] is >= '5' and <= '8' && parity >= 0 && stopBits != StopBits.None && (stopBits != StopBits.OnePointFive || given[0] == '5'))
            return new SerialSettings { DataBits = given[0] - '0', Parity = (Parity)parity, StopBits = stopBits };
        result.AddError($"--format '{given}': wanted is data bits (5 to 8), parity (N, O, E, M, S) and stop bits (1, 2; 1.5 with 5 data bits), as 8N1 or 7E2.");
        return null;
    }
}
