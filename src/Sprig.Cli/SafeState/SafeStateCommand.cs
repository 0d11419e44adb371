using System.CommandLine;

namespace Sprig.Cli.SafeState;

/// <summary><c>sprig safe-state</c>.</summary>
internal static class SafeStateCommand
{
    private const string Variable = "SPRIG_SAFE_STATE";

    internal static Command Create()
    {
        Argument<string?> file = new("file") { Description = $"The file that the program kept; ${Variable} when it is left out.", DefaultValueFactory = _ => null };
        Command command = new("safe-state", "Drives the pins of a program that was killed to their safe levels.") { file };
        command.SetAction(parsed =>
        {
            if ((parsed.GetValue(file) ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } path)
                return new PinRescue(Console.Out, Console.Error, line => line.OpenChip()).Run(path);
            Console.Error.WriteLine($"sprig safe-state: no file: name one, or set {Variable}");
            return Program.BadInput;
        });
        return command;
    }
}
