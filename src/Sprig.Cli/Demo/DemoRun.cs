using Sprig.Cli.Demo.Reports;
using Sprig.Scheduling;

namespace Sprig.Cli.Demo;

/// <summary>One demo: its coroutines, from the first to the last.</summary>
internal sealed class DemoRun
{
    /// <summary>How long each LED stays as it is.</summary>
    private static readonly TimeSpan[] s_periods = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(170), TimeSpan.FromMilliseconds(250)];

    private readonly DemoOptions _options;
    private readonly DemoParts _parts;
    private readonly ThreadTally _threads = new();
    private MonotonicTime _started;
    private MonotonicTime _ended;
    private WakeupMeter? _wakeups;
    private double _wakeupsPerSecond;

    internal DemoRun(DemoOptions options, DemoParts parts)
    {
        _options = options;
        _parts = parts;
        Blinkers = [.. parts.Leds.Select((led, i) => new Blinker(NameOf(led.Line), led, s_periods[i % s_periods.Length] * (1 + i / s_periods.Length), _threads))];
        Sensor = new Sensor(parts.SerialPath, parts.SerialSettings, Feed, Log, _threads);
        Server = new ReadingServer(parts.Listener, Feed, Log, _threads);
    }

    internal DemoLog Log { get; } = new();

    internal ReadingFeed Feed { get; } = new();

    internal IReadOnlyList<Blinker> Blinkers { get; }

    internal Sensor Sensor { get; }

    internal ReadingServer Server { get; }

    internal DemoParts Parts => _parts;

    internal TimeSpan Elapsed => MonotonicTime.Now - _started;

    /// <summary>The body of main: spawns all, waits, ends all. The view is drawn by a coroutine as well.</summary>
    internal async Task RunAsync(Func<DemoRun, Task> view)
    {
        _threads.Note();
        await Rehearsal.RunAsync(this, view);
        _started = MonotonicTime.Now;
        _wakeups = new WakeupMeter();
        List<Coroutine> coroutines = [.. Blinkers.Select(blinker => Spawn($"LED {blinker.Name}", () => blinker.RunAsync(_started)))];
        if (_parts.Gps is { } gps)
            coroutines.Add(Spawn("virtual GPS", gps.RunAsync));
        coroutines.Add(Spawn("sensor", () => Sensor.RunAsync(_parts.Port)));
        coroutines.Add(Spawn("server", Server.RunAsync));
        coroutines.Add(Spawn("view", () => view(this)));
        try
        {
            await Coroutine.Sleep(_options.Length == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _options.Length);
        }
        finally
        {
            _ended = MonotonicTime.Now;
            _wakeupsPerSecond = _wakeups.PerSecond();
            // Ended here, not by their daemon rule after main: the LEDs are to be dark before main returns.
            foreach (Coroutine coroutine in coroutines)
                coroutine.Kill();
            await Coroutine.JoinAll(coroutines);
            foreach (var led in _parts.Leds)
                led.Dispose();
        }
    }

    internal DemoReport ToReport(int coroutinesLeft) => new(
        Math.Round((_ended - _started).TotalSeconds, 3),
        [.. Blinkers.Select(blinker => blinker.ToReport(_ended - _started))],
        Sensor.ToReport(),
        Server.ToReport(),
        _threads.Count,
        _wakeupsPerSecond,
        coroutinesLeft);

    private static Coroutine Spawn(string name, Func<Task> body)
        => Coroutine.Spawn(body, new SpawnOptions { Name = name, Daemon = DaemonRule.UntilMainReturns });

    private string NameOf(int line) => _parts.Chip.GetLineInfo(line).Name is { Length: > 0 } name ? name : $"line {line}";
}
