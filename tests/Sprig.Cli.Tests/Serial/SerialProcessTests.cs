using System.Diagnostics;
using Xunit;

namespace Sprig.Cli.Tests.Serial;

/// <summary>The commands as processes of their own: what signals, pipes and files do to them.</summary>
public class SerialProcessTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_a_monitor_with_its_sum(string signal)
    {
        using Process process = Start("monitor sim");
        Assert.Equal("sim: 9600 8N1; Ctrl+C ends it", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Matches($@"\d+ bytes, \d+ lines in \d+(\.\d+)? s\nended by SIG{signal}\n$", rest);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A script goes on after 0.</summary>
    [Fact]
    public async Task A_test_that_is_interrupted_tells_what_it_has_found_and_is_no_success()
    {
        using Process process = Start("loopback sim --seconds 100000");
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Matches(@"^\d+ bytes sent, .*\n0 of \d+ bits wrong .* 0 bytes lost, 0 extra\nended by SIGINT\n$", rest);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
    }

    [Theory]
    [InlineData("--timestamps", @"^\d\.\d{6}  \$GPRMC,.*$")]
    [InlineData("--format 8N1 --timestamps delta", @"^\+\d\.\d{6}  \$GPRMC,.*$")]
    public async Task A_monitor_of_the_simulated_port_shows_a_receiver(string options, string first)
    {
        using Process process = Start($"monitor sim --count 1 {options}");
        string[] lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        Assert.Matches(first, lines[1]);
        Assert.StartsWith("73 bytes, 1 lines", lines[2], StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_monitor_ends_when_nobody_reads_it_any_more()
    {
        using Process process = Start("monitor sim");
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Standard_input_is_sent_as_it_is()
    {
        using Process process = Start("send sim - --wait-answer 30");
        await process.StandardInput.WriteAsync("one\r\ntwo");
        process.StandardInput.Close();
        Assert.Equal("8 bytes sent\none\ntwo\\\n", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_is_told_in_a_line()
    {
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", $"'{Command}' serial monitor sim --count 1 --send-stdin </ 2>&1"]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Matches(@"\nstandard input: [^\n]+; nothing more is sent\n", output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("</dev/null", 0)]
    [InlineData("<<< line", 5)]
    public async Task Lines_of_a_file_or_of_nothing_are_sent(string redirection, int sent)
    {
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", $"'{Command}' serial monitor sim --count 1 --send-stdin {redirection}"]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith($"; {sent} bytes sent\n", output, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    private static string Command => Path.Combine(AppContext.BaseDirectory, "Sprig.Cli");

    private static Process Start(string arguments)
    {
        // A shell ignores SIGINT in what it starts in the background, and so do we all then, unless it is set back.
        ProcessStartInfo start = new("env") { RedirectStandardOutput = true, RedirectStandardInput = true, ArgumentList = { "--default-signal=INT,TERM", Command, "serial" } };
        foreach (string argument in arguments.Split(' '))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
