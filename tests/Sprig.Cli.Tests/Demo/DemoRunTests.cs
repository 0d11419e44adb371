using System.Net;
using System.Text.Json;
using Sprig.Cli.Demo;
using Sprig.Cli.Demo.Reports;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Cli.Tests.Demo;

/// <summary>The demo itself, in virtual time, on the simulated board, with a real tty and real sockets.</summary>
public class DemoRunTests
{
    private static readonly DemoOptions s_options = new()
    {
        Length = TimeSpan.FromSeconds(20),
        Gpio = "sim",
        Serial = "sim",
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
    };

    [Fact]
    public void Blinks_reads_and_ends_with_all_LEDs_off()
    {
        (DemoReport report, SimulatedBoard board) = Run(s_options);
        Assert.Equal(20, report.Seconds);
        Assert.Equal(["GPIO17", "GPIO27", "GPIO22"], report.Leds.Select(led => led.Name));
        Assert.All(report.Leds, led => Assert.InRange(led.Toggles, led.Expected - 1, led.Expected + 1));
        Assert.Equal([200, 117, 80], report.Leds.Select(led => led.Expected));
        Assert.All(report.Leds, led => Assert.Equal(0, led.LatenessUs.Max));
        // Nearly all of them: on a busy machine the pty is late, and virtual time has no more patience than it has.
        Assert.InRange(report.Serial.Lines, 100, 200);
        Assert.Equal(0, report.Serial.BadChecksums);
        Assert.True(report.Serial.Bytes > 60 * report.Serial.Lines);
        Assert.Equal(1, report.UserThreads);
        Assert.Equal(0, report.CoroutinesLeft);
        Assert.Equal(0, board.HeldLines);
        Assert.All([17, 27, 22], line => Assert.False(board[line]));
        Assert.InRange(board.ChangesOf(17).Count(), report.Leds[0].Toggles, report.Leds[0].Toggles + 1);
    }

    [Fact]
    public void A_client_gets_a_line_of_JSON_a_reading()
    {
        List<string> lines = [];
        (DemoReport report, _) = Run(s_options with { Length = TimeSpan.FromSeconds(3) }, async demo =>
        {
            using SocketStream client = await SocketStream.ConnectAsync(demo.Parts.Listener.LocalEndPoint);
            LineReader reader = new(client);
            for (int i = 0; i < 3; i++)
                lines.Add((await reader.ReadLineAsync())!);
        });
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line =>
        {
            JsonElement reading = JsonDocument.Parse(line).RootElement;
            Assert.InRange(reading.GetProperty("latitude").GetDouble(), 48, 49);
            Assert.InRange(reading.GetProperty("longitude").GetDouble(), 11, 12);
            Assert.Equal(5.5, reading.GetProperty("speed_knots").GetDouble());
        });
        Assert.Equal(3, lines.Distinct().Count());
        Assert.Equal(1, report.Tcp.Clients);
        Assert.True(report.Tcp.Answers >= 3);
    }

    [Fact]
    public void An_unplugged_sensor_is_told_and_tried_again_while_the_LEDs_blink_on()
    {
        StringWriter said = new();
        using PluggedGps gps = new();
        (DemoReport report, _) = Run(s_options with { Length = TimeSpan.FromSeconds(12), Serial = gps.Path }, async demo =>
        {
            demo.Log.Output = said;
            gps.Start();
            await Coroutine.Sleep(TimeSpan.FromSeconds(4));
            gps.Unplug();
            await Coroutine.Sleep(TimeSpan.FromSeconds(3));
            gps.Plug();
            gps.Start();
        });
        Assert.Matches($"sensor: read {gps.Path}: .*the device is gone.*trying again", said.ToString());
        Assert.Contains($"sensor: {gps.Path} is back", said.ToString(), StringComparison.Ordinal);
        Assert.Equal([120, 70, 48], report.Leds.Select(led => led.Expected));
        Assert.All(report.Leds, led => Assert.InRange(led.Toggles, led.Expected - 1, led.Expected + 1));
        // Ten lines a second, for four seconds, and for four or five; on a busy machine some come late, and are lost with the plug.
        Assert.InRange(report.Serial.Lines, 60, 95);
        Assert.Equal(0, report.CoroutinesLeft);
    }

    [Fact]
    public void The_report_has_just_its_keys()
    {
        (DemoReport report, _) = Run(s_options with { Length = TimeSpan.FromSeconds(1) });
        JsonElement json = JsonDocument.Parse(JsonSerializer.Serialize(report, DemoReportContext.Default.DemoReport)).RootElement;
        Assert.Equal(["seconds", "leds", "serial", "tcp", "user_threads", "wakeups_per_s", "coroutines_left"], Keys(json));
        Assert.Equal(["name", "toggles", "expected", "lateness_us"], Keys(json.GetProperty("leds")[0]));
        Assert.Equal(["p50", "p99", "max"], Keys(json.GetProperty("leds")[0].GetProperty("lateness_us")));
        Assert.Equal(["lines", "bad_checksums", "bytes"], Keys(json.GetProperty("serial")));
        Assert.Equal(["clients", "answers"], Keys(json.GetProperty("tcp")));
    }

    [Fact]
    public void Both_views_draw_what_is()
    {
        StringWriter plain = new();
        string picture = "";
        Run(s_options with { Length = TimeSpan.FromSeconds(2.5) }, async demo =>
        {
            demo.Log.Output = plain;
            await Coroutine.Sleep(TimeSpan.FromSeconds(1.05));
            using StringWriter drawn = new();
            var console = Spectre.Console.AnsiConsole.Create(new() { Out = new Spectre.Console.AnsiConsoleOutput(drawn) });
            console.Write(TerminalView.Draw(demo));
            picture = drawn.ToString();
        });
        Assert.Contains("GPIO17=", plain.ToString(), StringComparison.Ordinal);
        Assert.Contains("clients 0", plain.ToString(), StringComparison.Ordinal);
        Assert.Contains("simulated board", picture, StringComparison.Ordinal);
        Assert.Contains("LED GPIO17", picture, StringComparison.Ordinal);
        Assert.Contains("Blocked", picture, StringComparison.Ordinal);
        Assert.Contains("0 bad checksums", picture, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    /// <summary>Runs it with a coroutine beside it, and gives the report and the board.</summary>
    private static (DemoReport Report, SimulatedBoard Board) Run(DemoOptions options, Func<DemoRun, Task>? beside = null)
    {
        CoroutineCount count = new();
        using DemoParts parts = DemoParts.Open(options);
        DemoRun demo = new(options, parts);
        CoroutineScheduler.Run(
            async () =>
            {
                if (beside is not null)
                    _ = Coroutine.Spawn(() => beside(demo));
                await demo.RunAsync(PlainView.ShowAsync);
            },
            // A pty delivers through a work queue of the kernel: a little real patience before time jumps.
            new SchedulerOptions { Clock = new TestClock { Patience = TimeSpan.FromMilliseconds(5) }, Observer = count });
        return (demo.ToReport(count.Alive), (SimulatedBoard)parts.Chip);
    }
}
