using System.Diagnostics;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.PortedProgram.Tests;

/// <summary>One program, compiled for System.IO.Ports and, after its using was changed, for Sprig: against the same instrument both do the same.</summary>
public class PortedProgramTests
{
    /// <summary>What theirs answers and ours does better: step, theirs (one of several: it is a race there), ours.</summary>
    private static readonly (string Step, string[] Theirs, string Ours)[] s_better =
    [
        // "Access to the port is denied" says theirs of a port that isn't there, and of one that is no port.
        ("no such port", ["UnauthorizedAccessException"], "FileNotFoundException"),
        ("no serial port", ["UnauthorizedAccessException"], "IOException"),
        // A reader that never gave a negative count is told of one; or the port of the one who reads is said to be closed, by nobody.
        ("unplugged", ["ArgumentOutOfRangeException", "ObjectDisposedException"], "IOException"),
        // Without WriteTimeout it would wait for ever.
        ("write to nobody", ["ObjectDisposedException", "TimeoutException"], "IOException"),
    ];

    [Fact]
    public void A_program_for_System_IO_Ports_does_the_same_after_one_using_was_changed() => CoroutineScheduler.Run(async () =>
    {
        Coroutine<string[]> theirs = Coroutine.Spawn(() => RunAsync("PortedProgram.Theirs"));
        Coroutine<string[]> ours = Coroutine.Spawn(() => RunAsync("PortedProgram.Ours"));
        string[] expected = [.. (await theirs).Select(Better)];
        Assert.Equal(expected, await ours);
        Assert.True(expected.Length > 70, $"The program ended after {expected.Length} steps.");
    });

    [Fact]
    public void The_using_is_all_that_differs()
    {
        string[] source = File.ReadAllLines(Source());
        Assert.Equal(["#if SPRIG", "using Sprig.IO.Ports;", "#else", "using System.IO.Ports;", "#endif"], source[..5]);
        Assert.DoesNotContain(source[5..], line => line.StartsWith('#') || line.Contains("Sprig", StringComparison.Ordinal) && !line.StartsWith("//", StringComparison.Ordinal));
        Assert.True(source.Length <= 150);
    }

    private static string Better(string line)
    {
        foreach ((string step, string[] theirs, string ours) in s_better)
        {
            if (!line.StartsWith($"{step}: ", StringComparison.Ordinal))
                continue;
            Assert.Contains(line[(step.Length + 2)..], theirs);
            return $"{step}: {ours}";
        }

        return line;
    }

    /// <summary>The program in a process of its own, with an instrument of its own. What it printed.</summary>
    private static async Task<string[]> RunAsync(string program)
    {
        using Instrument instrument = new();
        Coroutine script = Coroutine.Spawn(instrument.RunAsync);
        using Process process = Start(program, instrument.DevicePath);
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            Assert.Empty(instrument.Unknown);
            return output.TrimEnd('\n').Split('\n');
        }
        finally
        {
            script.Kill();
            process.Kill();
        }
    }

    private static Process Start(string program, string device)
        => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program), [device]) { RedirectStandardOutput = true })!;

    private static string Source()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runtime.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("No Runtime.sln above the tests."), "tests", "PortedProgram", "Program.cs");
    }
}
