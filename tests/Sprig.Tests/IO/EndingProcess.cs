using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.IO;
using Sprig.Testing;

namespace Sprig.Tests.IO;

/// <summary>The test program as a process that holds an output and ends, nobody having given it back. Its pin's levels go to a file.</summary>
/// <remarks>While a module is initialised no other thread runs its code: for a signal, whose handlers run on other threads, it goes on to
/// its main method, which finds no test to run, and then waits for the thread that raises it.</remarks>
internal static class EndingProcess
{
    private const string Where = "SPRIG_TEST_LEVELS";
    private const string How = "SPRIG_TEST_SIGNAL";

    /// <summary>The levels of the pin in such a process, and its exit code.</summary>
    /// <param name="signal">What ends it, as HUP; nothing: it exits.</param>
    internal static async Task<(string Levels, int ExitCode)> RunAsync(string signal = "")
    {
        string levels = Path.GetTempFileName();
        try
        {
            // As in GpioProcessTests: what ignores a signal hands that down.
            ProcessStartInfo start = new("env")
            {
                ArgumentList = { "--default-signal=INT,TERM,HUP,QUIT", Path.Combine(AppContext.BaseDirectory, "Sprig.Tests"), "-class", "none" },
                Environment = { [Where] = levels, [How] = signal },
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync();
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
        string signal = Environment.GetEnvironmentVariable(How) ?? "";
        if (signal.Length == 0)
            Environment.Exit(3);
        new Thread(() => Raise(signal)).Start();
    }

    private static void Raise(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{Environment.ProcessId}"]);
        kill.WaitForExit();
        using ManualResetEventSlim never = new();
        never.Wait();
    }
}
