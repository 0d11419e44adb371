using Xunit;

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

    /// <summary>The user is told what is wrong in one line, and the exit code is 2. Gives what else was written.</summary>
    internal static string AssertRefused(string said, params string[] args)
    {
        (int code, string output, string error) = Of(args);
        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        return output;
    }
}
