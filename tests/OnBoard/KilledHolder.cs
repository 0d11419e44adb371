using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sprig.IO;
using Xunit;

namespace OnBoard;

/// <summary>This program in another process, which holds outputs of a kernel's chip, high, until it is killed with -9.</summary>
internal static class KilledHolder
{
    private const string Held = "SPRIG_TEST_HOLDS";
    private const string Said = "held";

    /// <summary>Such a process has lived, held, and died.</summary>
    /// <param name="chip">The chip, by a path.</param>
    /// <param name="stateFile">Where it kept what its outputs need.</param>
    internal static async Task RunAsync(string chip, string stateFile)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "OnBoard"))
        {
            Environment = { [Held] = chip, ["SPRIG_SAFE_STATE"] = stateFile },
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(Said, await process.StandardOutput.ReadLineAsync());
        process.Kill();
        await process.WaitForExitAsync();
    }

    [ModuleInitializer]
    internal static void HoldIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Held) is not { } path)
            return;
        GpioChip chip = GpioChip.Open(path);
        chip.OpenOutput(17, new GpioOutputOptions { InitialLevel = true });
        chip.OpenOutput(22, new GpioOutputOptions { InitialLevel = true, ActiveLow = true });
        chip.OpenOutput(27, new GpioOutputOptions { InitialLevel = true, SafeLevel = null });
        Console.WriteLine(Said);
        Thread.Sleep(Timeout.Infinite);
    }
}
