using System.Diagnostics;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.PortedProgram.Tests;

/// <summary>One program, compiled for System.IO.Ports and, after its using was changed, for Sprig: against the same instrument both do the same.</summary>
public class PortedProgramTests
{
    /// <summary>What ours does better: step, what theirs gives (one of several: it is a race there), what ours gives.</summary>
    private static readonly (string Step, string[] Theirs, string Ours)[] s_better =
    [
        // Theirs says "access is denied" of a port that isn't there, and of a file that is none.
        ("no such port", ["UnauthorizedAccessException"], "FileNotFoundException"),
        ("no serial port", ["UnauthorizedAccessException"], "IOException"),
        // A pty has no modem lines: what sets them has no effect, and a program can be tried out on it.
        ("DTR", ["IOException"], "True"),
        ("RTS", ["IOException"], "True"),
        ("CTS", ["IOException"], "False"),
        // A pty has 8 bits and no parity. The documentation has an IOException for what a driver refuses; theirs blames the argument.
        ("seven bits", ["ArgumentException"], "IOException"),
        ("even parity", ["ArgumentException"], "IOException"),
        // Derived from theirs, so that who catches that one catches it.
        ("write while closed", ["InvalidOperationException"], "ObjectDisposedException"),
        // Theirs tells the reader of a negative count that it never gave, or that its port is closed, which nobody did.
        ("unplugged", ["ArgumentOutOfRangeException", "ObjectDisposedException"], "IOException"),
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

    /// <summary>A line of theirs as ours has it.</summary>
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
        // Theirs may hang for ever after its device was unplugged: not so the test.
        using Deadline deadline = Deadline.After(TimeSpan.FromMinutes(3));
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
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
