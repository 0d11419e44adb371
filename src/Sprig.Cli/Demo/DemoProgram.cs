using System.Text.Json;
using Spectre.Console;
using Sprig.Cli.Demo.Reports;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>The demo as a program: opens, runs, reports, and turns what goes wrong into a line and an exit code.</summary>
internal static class DemoProgram
{
    internal static int Run(DemoOptions options)
    {
        try
        {
            using DemoParts parts = DemoParts.Open(options);
            // The last to be opened: a demo that does not begin leaves no empty report behind.
            using FileStream? report = options.Report is null ? null : new FileStream(options.Report, FileMode.OpenOrCreate, FileAccess.Write);
            DemoReport result = RunToEnd(new DemoRun(options, parts));
            report?.SetLength(0);
            if (report is not null)
                JsonSerializer.Serialize(report, result, DemoReportContext.Default.DemoReport);
            return 0;
        }
        catch (Exception e) when (UserError.IsOne(e))
        {
            Console.Error.WriteLine($"sprig demo: {UserError.Describe(e)}");
            return Program.BadInput;
        }
    }

    private static DemoReport RunToEnd(DemoRun demo)
    {
        CoroutineCount count = new();
        bool plain = Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi;
        if (plain)
            demo.Log.Output = Console.Out;
        demo.Log.Say($"board: {demo.Parts.Chip.Label} ({demo.Parts.Chip.Name}); LEDs on lines {string.Join(", ", demo.Parts.Leds.Select(led => led.Line))}");
        demo.Log.Say($"sensor: {(demo.Parts.Gps is null ? "" : "a virtual GPS on ")}{demo.Sensor.Path}, {demo.Parts.SerialSettings}");
        demo.Log.Say($"readings: nc {demo.Parts.Listener.LocalEndPoint.ToString()!.Replace(':', ' ')}");
        try
        {
            CoroutineScheduler.Run(() => demo.RunAsync(plain ? PlainView.ShowAsync : TerminalView.ShowAsync), new SchedulerOptions { Observer = count });
        }
        catch (CoroutineKilledException e) when (e.Signal is { } signal)
        {
            Console.WriteLine($"ended by {signal}");
        }

        DemoReport report = demo.ToReport(count.Alive);
        Console.WriteLine($"{report.Seconds:0.0} s: {string.Join(", ", report.Leds.Select(led => $"{led.Name} {led.Toggles} of {led.Expected} toggles"))}; "
            + $"{report.Serial.Lines} lines; {report.Tcp.Answers} answers to {report.Tcp.Clients} clients; "
            + $"{report.UserThreads} thread; all LEDs off; {report.CoroutinesLeft} coroutines left");
        return report;
    }
}
