using System.CommandLine;
using System.CommandLine.Parsing;
using Sprig.Cli.Demo;
using Sprig.Cli.Examples;
using Sprig.Cli.Gpio;
using Sprig.Cli.I2c;
using Sprig.Cli.Pinout;
using Sprig.Cli.SafeState;
using Sprig.Cli.Serial;

namespace Sprig.Cli;

/// <summary>The <c>sprig</c> command.</summary>
internal static class Program
{
    /// <summary>The user is to change something: an option, a cable, a permission.</summary>
    internal const int BadInput = 2;

    internal static int Main(string[] args)
    {
        RootCommand root = new("Sprig: coroutines on one thread for small Linux boards.")
        {
            DemoCommand.Create(), ExampleCommand.Create(), GpioCommand.Create(), PinoutCommand.Create(), I2cCommand.Create(), SerialCommand.Create(),
            SafeStateCommand.Create(),
        };
        // What an instrument is sent may begin with @: it is no file of further words.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"sprig: {Clearest(parsed.Errors)} ({NameOf(parsed.CommandResult)} --help shows how)");
            return BadInput;
        }

        return parsed.Invoke();
    }

    /// <summary>Of several errors for one mistake the one that says most: what is wanted, not that a conversion failed; which word is
    /// unknown, not that a command is missing.</summary>
    private static string Clearest(IReadOnlyList<ParseError> errors)
        => (errors.FirstOrDefault(error => error.Message.Contains(": wanted is ", StringComparison.Ordinal))
            ?? errors.FirstOrDefault(error => error.Message.StartsWith("Unrecognized", StringComparison.Ordinal))
            ?? errors[0]).Message;

    /// <summary>As it is typed: "sprig example counter".</summary>
    private static string NameOf(CommandResult command)
        => command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "sprig";
}
