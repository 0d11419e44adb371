namespace Sprig.Cli.Tests;

/// <summary>The command in this process, with what it writes.</summary>
internal static class ConsoleRun
{
    internal static (int Code, string Output, string Error) Of(params string[] args)
    {
        TextWriter outputBefore = Console.Out;
        TextWriter errorBefore = Console.Error;
        using StringWriter output = new();
        using StringWriter error = new();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            return (Program.Main(args), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(outputBefore);
            Console.SetError(errorBefore);
        }
    }
}
