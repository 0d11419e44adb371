using System.Diagnostics;
using Xunit;

namespace Sprig.Cli.Tests.Gpio;

/// <summary>The commands as processes of their own: what signals do to them.</summary>
public class GpioProcessTests
{
    [Theory]
    [InlineData("INT", "set GPIO17=1", "GPIO17=1; held until Ctrl+C", "GPIO17=0: given back\nended by SIGINT\n")]
    [InlineData("TERM", "set GPIO17=1", "GPIO17=1; held until Ctrl+C", "GPIO17=0: given back\nended by SIGTERM\n")]
    [InlineData("INT", "blink P11 --on 60", "GPIO17: 60 s on", "GPIO17: 0 blinks; off\nended by SIGINT\n")]
    [InlineData("INT", "watch P11", "watching GPIO17", " lost\nended by SIGINT\n")]
    public async Task A_signal_ends_it_in_order(string signal, string arguments, string begins, string ends)
    {
        using Process process = Start(arguments);
        Assert.Contains(begins, await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith(ends, rest, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_watch_ends_when_nobody_reads_it_any_more()
    {
        using Process process = Start("watch P11");
        Assert.Contains("watching", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(string arguments)
    {
        // A shell ignores SIGINT in what it starts in the background, and so do we all then, unless it is set back.
        ProcessStartInfo start = new("env")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "Sprig.Cli"), "gpio" },
        };
        foreach (string argument in arguments.Split(' '))
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--chip");
        start.ArgumentList.Add("sim");
        return Process.Start(start)!;
    }
}
