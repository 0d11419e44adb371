using Sprig.Scheduling;

namespace Sprig.Cli;

/// <summary>What went wrong with what the user gave or plugged in: one line on standard error, exit code 2.</summary>
internal static class UserError
{
    /// <summary>Runs a command's body; Ctrl+C and SIGTERM are an end like any other.</summary>
    /// <param name="command">As it is typed, for the message.</param>
    /// <param name="body">What it does.</param>
    internal static int Run(string command, Action body) => Run(command, () =>
    {
        body();
        return 0;
    });

    /// <summary>The same for a body that says its exit code.</summary>
    /// <inheritdoc cref="Run(string, Action)"/>
    internal static int Run(string command, Func<int> body)
    {
        try
        {
            return body();
        }
        catch (CoroutineKilledException e) when (e.Signal is { } signal)
        {
            Console.WriteLine($"ended by {signal}");
            return 0;
        }
        catch (Exception e) when (PipeOutput.IsBroken(e))
        {
            // Who read it has had enough.
            return 0;
        }
        catch (Exception e) when (IsOne(e))
        {
            Console.Error.WriteLine($"{command}: {Describe(e)}");
            return Program.BadInput;
        }
    }

    internal static bool IsOne(Exception e)
        => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or InvalidDataException;

    /// <summary>In one line: "(Parameter 'line') Actual value ..." is for programmers.</summary>
    internal static string Describe(Exception e) => e.Message.Split(" (Parameter")[0].ReplaceLineEndings(" ");
}
