using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Tests.IO;

/// <summary>What the test program does as a process that holds an output and ends: by name. Its pin's levels go to a file.</summary>
internal static class EndingProcess
{
    private const string How = "SPRIG_TEST_END";
    private const string Where = "SPRIG_TEST_LEVELS";

    /// <summary>The levels of the pin in a process that ends so, and its exit code.</summary>
    internal static async Task<(string Levels, int ExitCode)> RunAsync(string how)
    {
        string levels = Path.GetTempFileName();
        try
        {
            // A shell ignores SIGINT in what it starts in the background, and so do we all then, unless it is set back.
            ProcessStartInfo start = new("env", ["--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "Sprig.Tests")])
            {
                Environment = { [How] = how, [Where] = levels },
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            await process.StandardError.ReadToEndAsync();
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
        if (Environment.GetEnvironmentVariable(How) is not { } how)
            return;
        string file = Environment.GetEnvironmentVariable(Where)!;
        SimulatedBoard board = new();
        board.Changed += change => File.AppendAllText(file, change.Level ? "high " : "low ");
        if (how == "exit while a run goes on")
        {
            _ = CoroutineScheduler.Start(async () =>
            {
                Open(board);
                await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
            });
            while (!board[17])
                Thread.Yield();
            Environment.Exit(3);
        }

        Open(board);
        if (how == "exit")
            Environment.Exit(3);
        if (how == "throw")
            new Thread(() => throw new InvalidOperationException("nobody catches this")).Start();
        else
            Process.Start("kill", [$"-{how}", $"{Environment.ProcessId}"]);
        Thread.Sleep(Timeout.Infinite);
    }

    private static void Open(SimulatedBoard board) => board.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
}
