using System.CommandLine;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Cli.Gpio;

/// <summary><c>sprig gpio</c>: its commands and their options.</summary>
internal static class GpioCommand
{
    private const string PinHelp = "Pins: by name (GPIO17), by place in the header (P11), or by line (17).";
    private static readonly SchedulerOptions s_run = new();

    internal static Command Create() => new("gpio", "GPIO lines: who holds them, their levels, their edges.")
    {
        List(), Get(), Set(), Watch(), Blink(), Info(),
    };

    private static Command List()
    {
        Option<string?> chip = Chip();
        Command command = new("list", "The lines of a chip, or of all: name, direction, holder, how they are set.") { chip };
        command.SetAction(parsed => UserError.Run("sprig gpio list", () => LineList.List(Console.Out, parsed.GetValue(chip))));
        return command;
    }

    private static Command Info()
    {
        Argument<string?> named = new("chip") { Description = "sim, or a chip's path, name or label; all when it is left out.", DefaultValueFactory = _ => null };
        Option<string?> chip = Chip();
        Command command = new("info", "The chips of this machine, one line each.") { named, chip };
        command.SetAction(parsed => UserError.Run("sprig gpio info", () => LineList.Info(Console.Out, parsed.GetValue(named) ?? parsed.GetValue(chip))));
        return command;
    }

    private static Command Get()
    {
        Argument<string[]> pins = Pins();
        Option<string?> chip = Chip();
        Option<bool> activeLow = ActiveLow();
        Option<GpioBias> bias = Bias();
        Command command = new("get", "The level of pins, as GPIO17=1; takes them as inputs for a moment.") { pins, chip, bias, activeLow };
        command.SetAction(parsed => UserError.Run("sprig gpio get", () =>
        {
            using PinSource source = PinSource.Open(parsed.GetValue(chip));
            LevelReading.Run(Console.Out, source, parsed.GetValue(pins)!, new GpioInputOptions
            {
                Consumer = "sprig gpio get",
                Bias = parsed.GetValue(bias),
                ActiveLow = parsed.GetValue(activeLow),
            });
        }));
        return command;
    }

    private static Command Set()
    {
        Argument<string[]> pins = new("pins") { Description = "Pins and levels, as GPIO17=1 P13=0.", Arity = ArgumentArity.OneOrMore };
        Option<string?> chip = Chip();
        Option<bool> activeLow = ActiveLow();
        Option<double> seconds = Seconds("--for", "How long they are held, in seconds; 0: until Ctrl+C.", 0);
        Option<string> safe = new("--safe") { Description = "The level at the end: 0, 1 or keep.", DefaultValueFactory = _ => "0" };
        safe.Validators.Add(OptionRules.Check<string>(safe, value => value is "0" or "1" or "keep", "0, 1 or keep"));
        Option<GpioDrive> drive = new("--drive") { Description = "How they drive.", DefaultValueFactory = _ => GpioDrive.PushPull };
        drive.CustomParser = OptionWords.Parser(OptionWords.Drives);
        Command command = new("set", "Drives pins and holds them; drives them to their safe level at the end.") { pins, chip, seconds, safe, drive, activeLow };
        command.SetAction(parsed => UserError.Run("sprig gpio set", () =>
        {
            (string, bool)[] levels = [.. parsed.GetValue(pins)!.Select(LevelSetting.Parse)];
            using PinSource source = PinSource.Open(parsed.GetValue(chip));
            new LevelSetting(Console.Out, source, levels, TimeSpan.FromSeconds(parsed.GetValue(seconds)))
            {
                Options = new GpioOutputOptions
                {
                    Consumer = "sprig gpio set",
                    ActiveLow = parsed.GetValue(activeLow),
                    Drive = parsed.GetValue(drive),
                    SafeLevel = parsed.GetValue(safe) switch { "keep" => null, "1" => true, _ => false },
                },
            }.Run(s_run);
        }));
        return command;
    }

    private static Command Watch()
    {
        Argument<string[]> pins = Pins();
        Option<string?> chip = Chip();
        Option<bool> activeLow = ActiveLow();
        Option<GpioBias> bias = Bias();
        Option<GpioEdges> edges = new("--edges") { Description = "Which edges: both, rising or falling.", DefaultValueFactory = _ => GpioEdges.Both };
        edges.CustomParser = OptionWords.Parser(OptionWords.Edges);
        Option<double> debounce = new("--debounce") { Description = "How long a level has to hold, in milliseconds; 0: at all.", DefaultValueFactory = _ => 0 };
        debounce.Validators.Add(OptionRules.Check<double>(debounce, value => value is >= 0 and <= 10_000, "milliseconds, 0 to 10000"));
        Option<int> count = Count("Ends after so many edges; 0: goes on.");
        Option<double> seconds = Seconds("--seconds", "How long it watches; 0: until Ctrl+C.", 0);
        Command command = new("watch", "A line for each edge, with the kernel's stamp in microseconds; lost ones are counted.")
        {
            pins, chip, edges, bias, debounce, count, seconds, activeLow,
        };
        command.SetAction(parsed => UserError.Run("sprig gpio watch", () =>
        {
            using PinSource source = PinSource.Open(parsed.GetValue(chip));
            new EdgeWatch(PipeOutput.Open(), source, parsed.GetValue(pins)!)
            {
                Count = parsed.GetValue(count),
                Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Options = new GpioInputOptions
                {
                    Consumer = "sprig gpio watch",
                    Edges = parsed.GetValue(edges),
                    Bias = parsed.GetValue(bias),
                    Debounce = TimeSpan.FromMilliseconds(parsed.GetValue(debounce)),
                    ActiveLow = parsed.GetValue(activeLow),
                    EdgeBuffer = 1024,
                },
            }.Run(s_run);
        }));
        return command;
    }

    private static Command Blink()
    {
        Argument<string> pin = new("pin") { Description = PinHelp };
        Option<string?> chip = Chip();
        Option<bool> activeLow = ActiveLow();
        Option<double> on = Seconds("--on", "How long it is on, in seconds.", 0.5, 0.0001);
        Option<double> off = Seconds("--off", "How long it is off, in seconds.", 0.5, 0.0001);
        Option<int> count = Count("How often; 0: until Ctrl+C.");
        Command command = new("blink", "On and off, on time; off at the end.") { pin, chip, on, off, count, activeLow };
        command.SetAction(parsed => UserError.Run("sprig gpio blink", () =>
        {
            using PinSource source = PinSource.Open(parsed.GetValue(chip));
            new PinBlinking(Console.Out, source, parsed.GetValue(pin)!)
            {
                On = TimeSpan.FromSeconds(parsed.GetValue(on)),
                Off = TimeSpan.FromSeconds(parsed.GetValue(off)),
                Count = parsed.GetValue(count),
                Options = new GpioOutputOptions { Consumer = "sprig gpio blink", ActiveLow = parsed.GetValue(activeLow) },
            }.Run(s_run);
        }));
        return command;
    }

    private static Argument<string[]> Pins() => new("pins") { Description = PinHelp, Arity = ArgumentArity.OneOrMore };

    private static Option<string?> Chip()
    {
        Option<string?> chip = new("--chip")
        {
            Description = "sim: a simulated board; or a chip's path, name or label. This machine's board when it is left out.",
        };
        chip.Validators.Add(OptionRules.Check<string>(chip, value => value is not "", "sim, or a chip's path, name or label"));
        return chip;
    }

    private static Option<bool> ActiveLow() => new("--active-low") { Description = "High and low are swapped." };

    private static Option<GpioBias> Bias()
    {
        Option<GpioBias> bias = new("--bias") { Description = "What holds them while nothing drives: as-is, none, pull-up or pull-down.", DefaultValueFactory = _ => GpioBias.AsIs };
        bias.CustomParser = OptionWords.Parser(OptionWords.Biases);
        return bias;
    }

    private static Option<int> Count(string description)
    {
        Option<int> count = new("--count") { Description = description, DefaultValueFactory = _ => 0 };
        count.Validators.Add(OptionRules.Check<int>(count, value => value >= 0, "a number from 0"));
        return count;
    }

    private static Option<double> Seconds(string name, string description, double usual, double least = 0)
    {
        Option<double> seconds = new(name) { Description = description, DefaultValueFactory = _ => usual };
        seconds.Validators.Add(OptionRules.Check<double>(seconds, value => value >= least && value <= 1e9, $"a number of seconds from {least}"));
        return seconds;
    }
}
