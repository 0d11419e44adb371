using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>The demo's view in a terminal: the board, the reading, the clients, the coroutines, ten times a second.</summary>
internal static class TerminalView
{
    internal static Task ShowAsync(DemoRun demo)
        => AnsiConsole.Live(Draw(demo)).AutoClear(false).StartAsync(async context =>
        {
            Ticker ticker = new(TimeSpan.FromMilliseconds(100));
            while (true)
            {
                await ticker.NextAsync();
                context.UpdateTarget(Draw(demo));
            }
        });

    /// <summary>One picture of what is now.</summary>
    internal static IRenderable Draw(DemoRun demo) => new Rows(
        new Panel(Leds(demo)).Header($" {Markup.Escape(demo.Parts.Chip.Label)} ").Expand(),
        new Panel(Sensor(demo)).Header($" {Markup.Escape(demo.Sensor.Path)} ").Expand(),
        new Panel(Coroutines()).Header($" {demo.Elapsed.TotalSeconds:0.0} s, one thread ").Expand(),
        new Markup(string.Join("\n", demo.Log.Newest.Select(line => $"[grey]{Markup.Escape(line)}[/]"))));

    private static Columns Leds(DemoRun demo) => new(demo.Blinkers.Select(blinker => new Markup(
        $"{(blinker.IsLit ? "[red]●[/]" : "[grey]○[/]")} {Markup.Escape(blinker.Name)} [grey]{blinker.Period.TotalMilliseconds:0} ms, {blinker.Toggles} toggles[/]")));

    private static Markup Sensor(DemoRun demo)
    {
        var serial = demo.Sensor.ToReport();
        var tcp = demo.Server.ToReport();
        string link = demo.Sensor.IsConnected ? "[green]connected[/]" : "[red]gone, trying again[/]";
        return new Markup(string.Create(CultureInfo.InvariantCulture,
            $"{link}  {Markup.Escape(PlainView.Describe(demo.Feed.Latest))}\n[grey]{serial.Lines} lines, {serial.BadChecksums} bad checksums, {serial.Bytes} bytes[/]\n")
            + $"TCP {Markup.Escape(demo.Parts.Listener.LocalEndPoint.ToString()!)}: {demo.Server.Connected} clients [grey]({tcp.Clients} so far, {tcp.Answers} answers)[/]");
    }

    private static Table Coroutines()
    {
        Table table = new Table().Border(TableBorder.None).AddColumns("[grey]coroutine[/]", "[grey]state[/]", "[grey]waits for[/]");
        foreach (Coroutine coroutine in CoroutineScheduler.Current.Coroutines.Take(20))
            table.AddRow(Markup.Escape(coroutine.Name), $"{coroutine.State}", Markup.Escape(coroutine.BlockedOn ?? ""));
        return table;
    }
}
