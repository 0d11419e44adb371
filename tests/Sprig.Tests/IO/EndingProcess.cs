using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.IO;
using Sprig.Testing;

namespace Sprig.Tests.IO;

/// <summary>The test program as a process that holds outputs and ends, nobody having given them back: one of a simulated board, whose
/// levels go to a file, and one that it takes for the kernel's, which its safe-state file names.</summary>
/// <remarks>While a module is initialised no other thread runs its code: for a signal, whose handlers run on other threads, it goes on to
/// its main method, which finds no test to run, and then waits for the thread that raises it.</remarks>
internal static class EndingProcess
{
    private const string Where = "SPRIG_TEST_LEVELS";
    private const string How = "SPRIG_TEST_SIGNAL";

    /// <summary>What ends it where no signal does.</summary>
    internal const string Crash = "crash";

    /// <summary>The levels of the pin in such a process, what its safe-state file says when it is no more, and its exit code.</summary>
    /// <param name="signal">What ends it, as HUP, or <see cref="Crash"/>; nothing: it exits.</param>
    internal static async Task<(string Levels, string State, int ExitCode)> RunAsync(string signal = "")
    {
        string levels = Path.GetTempFileName();
        string state = $"{levels}.state";
        try
        {
            // As in GpioProcessTests: what ignores a signal hands that down.
            ProcessStartInfo start = new("env")
            {
                ArgumentList = { "--default-signal=INT,TERM,HUP,QUIT", Path.Combine(AppContext.BaseDirectory, "Sprig.Tests"), "-class", "none" },
                Environment = { [Where] = levels, [How] = signal, ["SPRIG_SAFE_STATE"] = state, ["DOTNET_DbgEnableMiniDump"] = "0" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (await File.ReadAllTextAsync(levels), File.Exists(state) ? await File.ReadAllTextAsync(state) : "", process.ExitCode);
        }
        finally
        {
            File.Delete(levels);
            File.Delete(state);
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
        HeldLines.Add(new LineDouble(4, new GpioLineSettings { Direction = GpioDirection.Output }).Request);
        string signal = Environment.GetEnvironmentVariable(How) ?? "";
        if (signal.Length == 0)
            Environment.Exit(3);
        if (signal == Crash)
            Environment.FailFast("an accident");
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
