using System.Globalization;
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
    /// <param name="command">As it is typed, for the message.</param>
    /// <param name="body">What it does.</param>
    /// <param name="interrupted">The exit code after Ctrl+C and SIGTERM: not 0 where there was something to finish.</param>
    internal static int Run(string command, Func<int> body, int interrupted = 0)
    {
        try
        {
            return body();
        }
        catch (CoroutineKilledException e) when (e.Signal is { } signal)
        {
            Console.WriteLine($"ended by {signal}");
            return interrupted;
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

    /// <summary>In one line: "(Parameter 'line') Actual value ..." is for programmers. What a terminal would act on is written out: a
    /// process that has a device chose its name itself.</summary>
    internal static string Describe(Exception e) => string.Concat(
        e.Message.Split(" (Parameter")[0].ReplaceLineEndings(" ").Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format ? $"\\x{(int)c:X2}" : $"{c}"));
}
