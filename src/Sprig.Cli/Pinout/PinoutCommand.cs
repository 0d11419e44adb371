using System.CommandLine;
using Spectre.Console;
using Sprig.Devices.Boards;
using Sprig.Testing;

namespace Sprig.Cli.Pinout;

/// <summary><c>sprig pinout [board]</c>: a picture of the headers, and of what they do where the machine is that board.</summary>
internal static class PinoutCommand
{
    /// <summary>In a pipe nothing is cut.</summary>
    private const int AnyWidth = 1000;

    internal static Command Create()
    {
        Argument<string?> board = new("board") { Description = "As pi5 or beaglebone, or a board's .json file; this machine when it is left out.", DefaultValueFactory = _ => null };
        Option<string?> chip = new("--chip") { Description = "sim: as if the board were here, simulated." };
        chip.Validators.Add(OptionRules.Check<string>(chip, value => value is null or "sim", "sim"));
        Option<bool> levels = new("--levels") { Description = "Reads the levels of free inputs, each of which is taken for a moment as it is." };
        Command command = new("pinout", "A picture of a board's header: number, name, functions, holder, level.") { board, chip, levels };
        command.SetAction(parsed => UserError.Run("sprig pinout", () => Show(parsed.GetValue(board), parsed.GetValue(chip) is not null, parsed.GetValue(levels))));
        return command;
    }

    private static void Show(string? word, bool simulated, bool levels)
    {
        BoardMap? here = BoardMap.OfThisMachine();
        BoardMap map = word is not null ? BoardChoice.Find(word)
            : here ?? throw new ArgumentException($"this machine is no board that Sprig knows; known are {string.Join(", ", BoardMap.Known.Select(one => one.Id))}: 'sprig pinout pi5'");
        if (levels && !simulated && map != here)
            throw new ArgumentException($"this machine is no {map.Name}: there are no levels to read");
        Dictionary<string, PinState> states = simulated ? Simulate(map, levels) : map == here ? OfThisMachine(levels) : [];
        bool plain = Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi;
        PinoutPicture picture = new(map, states, plain ? AnyWidth : AnsiConsole.Profile.Width);
        if (plain)
        {
            foreach (string line in picture.PlainLines())
                Console.WriteLine(line);
        }
        else
        {
            foreach (string line in picture.Lines())
                AnsiConsole.MarkupLine(line);
        }
    }

    private static Dictionary<string, PinState> Simulate(BoardMap map, bool levels)
    {
        using SimulatedBoard chip = new(map.Headers.SelectMany(header => header.Pins).Max(pin => pin.Line ?? 0) + 1);
        using Board board = Board.On(chip, map);
        return PinStates.Of(board, levels);
    }

    private static Dictionary<string, PinState> OfThisMachine(bool levels)
    {
        try
        {
            using Board board = Board.Open();
            return PinStates.Of(board, levels);
        }
        catch (Exception e) when (UserError.IsOne(e))
        {
            // What each pin is can be shown all the same.
            Console.Error.WriteLine($"sprig pinout: who holds which pin is not shown: {UserError.Describe(e)}");
            return [];
        }
    }
}
