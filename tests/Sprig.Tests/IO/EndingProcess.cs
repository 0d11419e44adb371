using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.IO;
using Sprig.Testing;

namespace Sprig.Tests.IO;

/// <summary>The test program as a process that holds an output and exits, nobody having given it back. Its pin's levels go to a file.</summary>
/// <remarks>While a module is initialised no other thread runs its code: so this shows an exit, and no more.</remarks>
internal static class EndingProcess
{
    private const string Where = "SPRIG_TEST_LEVELS";

    /// <summary>The levels of the pin in such a process, and its exit code.</summary>
    internal static async Task<(string Levels, int ExitCode)> RunAsync()
    {
        string levels = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Sprig.Tests")) { Environment = { [Where] = levels } };
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync();
            return (await File.ReadAllTextAsync(levels), process.ExitCode);
        }
        finally
        {
            File.Delete(levels);
        }
    }

    [ModuleInitializer]
    internal static void EndIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Where) is not { } file)
            return;
        SimulatedBoard board = new();
        board.Changed += change => File.AppendAllText(file, change.Level ? "high " : "low ");
        board.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
        Environment.Exit(3);
    }
}
