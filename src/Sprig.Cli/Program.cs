using System.CommandLine;
using Sprig.Cli.Demo;

namespace Sprig.Cli;

/// <summary>The <c>sprig</c> command.</summary>
internal static class Program
{
    /// <summary>The user is to change something: an option, a cable, a permission.</summary>
    internal const int BadInput = 2;

    internal static int Main(string[] args)
    {
        RootCommand root = new("Sprig: coroutines on one thread for small Linux boards.") { DemoCommand.Create() };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors is [{ } error, ..])
        {
            Console.Error.WriteLine($"sprig: {error.Message} (sprig --help shows how)");
            return BadInput;
        }

        return parsed.Invoke();
    }
}
