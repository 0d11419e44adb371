using System.CommandLine;
using System.Globalization;
using System.Net;
using static Sprig.Cli.OptionRules;

namespace Sprig.Cli.Demo;

/// <summary><c>sprig demo</c>: its options, and what is wrong with them.</summary>
internal static class DemoCommand
{
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "How long it runs; 0: until Ctrl+C.", DefaultValueFactory = _ => 20 };
    private static readonly Option<string> s_gpio = new("--gpio") { Description = "auto, sim, or a chip: /dev/gpiochipN, or its label.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<string> s_leds = new("--leds") { Description = "The lines of the LEDs.", DefaultValueFactory = _ => "17,27,22" };
    private static readonly Option<string> s_serial = new("--serial") { Description = "auto, sim, or a tty: /dev/ttyUSB0.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<int> s_baud = new("--baud") { Description = "Baud rate of the tty.", DefaultValueFactory = _ => 9600 };
    private static readonly Option<int> s_port = new("--port") { Description = "TCP port that answers readings; 0: any free one.", DefaultValueFactory = _ => 4242 };
    private static readonly Option<string> s_host = new("--host") { Description = "Address to listen on; 0.0.0.0: all of this machine.", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<string?> s_report = new("--report") { Description = "Writes a report as JSON to this file." };

    internal static Command Create()
    {
        s_seconds.Validators.Add(Check<double>(s_seconds, value => value is 0 or (>= 0.001 and <= 1e9), "a number of seconds, or 0"));
        s_leds.Validators.Add(Check<string>(s_leds, value => ParseLines(value!) is not null, "different line numbers with commas between, as 17,27,22"));
        s_baud.Validators.Add(Check<int>(s_baud, value => value is >= 1 and <= 50_000_000, "a baud rate, as 9600"));
        s_port.Validators.Add(Check<int>(s_port, value => value is >= 0 and <= 65535, "a port, 0 to 65535"));
        s_host.Validators.Add(Check<string>(s_host, value => IPAddress.TryParse(value, out _), "an IP address of this machine"));
        s_gpio.Validators.Add(Check<string>(s_gpio, value => !string.IsNullOrWhiteSpace(value), "auto, sim, or a chip"));
        s_serial.Validators.Add(Check<string>(s_serial, value => !string.IsNullOrWhiteSpace(value), "auto, sim, or a tty"));
        Command demo = new("demo", "Blinks LEDs, reads a serial sensor and serves TCP clients, all on one thread.")
        {
            s_seconds, s_gpio, s_leds, s_serial, s_baud, s_port, s_host, s_report,
        };
        demo.SetAction(parsed => DemoProgram.Run(Read(parsed)));
        return demo;
    }

    private static DemoOptions Read(ParseResult parsed) => new()
    {
        Length = TimeSpan.FromSeconds(parsed.GetValue(s_seconds)),
        Gpio = parsed.GetValue(s_gpio)!,
        Leds = ParseLines(parsed.GetValue(s_leds)!)!,
        Serial = parsed.GetValue(s_serial)!,
        BaudRate = parsed.GetValue(s_baud),
        Listen = new IPEndPoint(IPAddress.Parse(parsed.GetValue(s_host)!), parsed.GetValue(s_port)),
        Report = parsed.GetValue(s_report),
    };

    private static int[]? ParseLines(string text)
    {
        List<int> lines = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int line) || lines.Contains(line))
                return null;
            lines.Add(line);
        }

        return [.. lines];
    }
}
