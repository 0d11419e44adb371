using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Sprig.Cli.Tests.Demo;

/// <summary>The demo as a process of its own: what signals do to it.</summary>
public class DemoProcessTests
{
    [Theory]
    [InlineData("TERM", "ended by SIGTERM")]
    [InlineData("INT", "ended by SIGINT")]
    public async Task A_signal_ends_it_in_order_with_all_LEDs_off(string signal, string said)
    {
        string report = Path.GetTempFileName();
        try
        {
            using Process demo = Start(report);
            string? line;
            // Its second line of state: it blinks.
            do line = await demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.Contains("GPIO17=", StringComparison.Ordinal));
            Assert.NotNull(line);
            using (Process kill = Process.Start("kill", [$"-{signal}", $"{demo.Id}"]))
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            string rest = await demo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await demo.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, demo.ExitCode);
            Assert.Contains(said, rest, StringComparison.Ordinal);
            Assert.Contains("all LEDs off; 0 coroutines left", rest, StringComparison.Ordinal);
            JsonElement json = JsonDocument.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken)).RootElement;
            Assert.Equal(1, json.GetProperty("user_threads").GetInt32());
            Assert.Equal(0, json.GetProperty("coroutines_left").GetInt32());
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static Process Start(string report)
    {
        // A shell ignores SIGINT in what it starts in the background, and so do we all then, unless it is set back.
        ProcessStartInfo start = new("env")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "Sprig.Cli"), "demo", "--seconds", "60", "--gpio", "sim", "--serial", "sim", "--port", "0", "--report", report },
        };
        return Process.Start(start)!;
    }
}
