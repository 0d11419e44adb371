using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Sprig.Programs.Tests;

/// <summary>Each program as a process of its own.</summary>
[Collection(ProcessCollection.Name)]
public class ProgramProcessTests
{
    private static readonly string[] s_simulated = ["--serial", "sim"];

    [Fact]
    public async Task Blink_runs_until_a_signal_ends_it()
    {
        using Process blink = Start("Blink", ["--gpio", "sim"]);
        Assert.Equal("blink: a simulated board; LEDs on 17 (0.25 s), 22 (0.4 s), 27 (0.65 s)", await LineOf(blink));
        Assert.Equal((143, ""), await EndAsync(blink, "TERM"));
    }

    [Fact]
    public async Task SensorPoll_reads_until_Ctrl_C_ends_it()
    {
        using Process poll = Start("SensorPoll", [.. s_simulated, "--poll", "0.1"]);
        Assert.StartsWith("sensorpoll: a simulated MH-Z19 on /dev/pts/", await LineOf(poll), StringComparison.Ordinal);
        Assert.Equal("CO2 420 ppm", await LineOf(poll));
        Assert.Equal("CO2 490 ppm", await LineOf(poll));
        Assert.Equal((130, ""), await EndAsync(poll, "INT"));
    }

    [Fact]
    public async Task Gateway_serves_and_ends_though_a_client_is_there()
    {
        using Process gateway = Start("Gateway", [.. s_simulated, "--gpio", "sim", "--port", "0", "--poll", "0.1"]);
        string line = await LineOf(gateway);
        Assert.StartsWith("gateway: a simulated board, a simulated MH-Z19 on /dev/pts/", line, StringComparison.Ordinal);
        using TcpClient client = new();
        await client.ConnectAsync(IPEndPoint.Parse(line[(line.LastIndexOf(' ') + 1)..]), TestContext.Current.CancellationToken);
        using StreamReader reader = new(client.GetStream());
        JsonElement status = JsonDocument.Parse((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!).RootElement;
        Assert.Equal(["time", "co2", "presses"], status.EnumerateObject().Select(property => property.Name));
        Assert.Equal((143, ""), await EndAsync(gateway, "TERM"));
    }

    [Theory]
    [InlineData("Blink", "blink: leds:17 '-1' (--leds:17): wanted is a number of seconds ", "--leds:17", "-1")]
    [InlineData("Blink", "blink: There is no GPIO chip 'no-such-chip'", "--gpio", "no-such-chip")]
    [InlineData("Blink", "blink: There is no line 28: simulated (simulated board) has the lines 0 to 27.", "--gpio", "sim", "--leds:28", "1", "--leds:29", "1")]
    [InlineData("SensorPoll", "sensorpoll: speed (--speed) is no setting; there are serial, poll, timeout.", "--speed", "9600")]
    [InlineData("Gateway", "gateway: 192.0.2.1:0 is no address of this machine.", "--host", "192.0.2.1", "--port", "0", "--gpio", "sim")]
    public async Task What_is_wrong_is_told_in_one_line(string program, string said, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Equal(2, process.ExitCode);
    }

    private static async Task<string> LineOf(Process process)
        => await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? await process.StandardError.ReadToEndAsync();

    private static async Task<(int Code, string Error)> EndAsync(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }

    // A shell ignores SIGINT in what it starts in the background, and so do we all then, unless it is set back.
    private static Process Start(string program, string[] arguments)
        => Process.Start(new ProcessStartInfo("env", ["--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
