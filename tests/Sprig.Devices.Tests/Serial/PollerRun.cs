using Sprig.Devices.Serial;
using Sprig.Scheduling;
using Sprig.Testing;
using Sprig.Testing.Serial;
using Xunit;

namespace Sprig.Devices.Tests.Serial;

/// <summary>A poller and a scripted sensor at both ends of a line, in virtual time.</summary>
internal sealed class PollerRun
{
    private PollerRun(TestClock clock)
    {
        Clock = clock;
        (Line, Device) = LoopLine.CreatePair();
        Sensor = new ScriptedSensor(Device);
    }

    internal TestClock Clock { get; }

    internal LoopLine Line { get; }

    internal LoopLine Device { get; }

    internal ScriptedSensor Sensor { get; }

    /// <summary>Seconds since the start.</summary>
    internal double Seconds => Clock.Elapsed.TotalSeconds;

    internal static void Run(Func<PollerRun, Task> test)
    {
        TestClock clock = new();
        CoroutineScheduler.Run(
            async () =>
            {
                PollerRun run = new(clock);
                Start(run.Sensor.RunAsync);
                await test(run);
            },
            new SchedulerOptions { Clock = clock, HandleSignals = false });
    }

    internal static void Start(Func<Task> body) => _ = Spawn(body);

    internal static Coroutine Spawn(Func<Task> body) => Coroutine.Spawn(body, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });

    internal static SerialRequest<double> Degrees(string question = "T?")
        => SerialRequest.Line(question, line => double.Parse(line, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Notes each reading with its second: "1 21.5", "4 21.5 stale".</summary>
    internal List<string> Log<T>(PolledSensor<T> sensor)
    {
        List<string> log = [];
        sensor.Subscribe(reading => log.Add(FormattableString.Invariant($"{Seconds} {reading.Value}{(reading.IsStale ? " stale" : "")}")));
        return log;
    }

    internal List<string> Log(SerialPoller poller)
    {
        List<string> log = [];
        poller.Notices.Subscribe(notice => log.Add(FormattableString.Invariant($"{Seconds} {notice.Kind} {notice.Sensor}").TrimEnd()));
        return log;
    }

    /// <summary>asked, answered, timeouts, malformed, line errors, other errors, retries, missed.</summary>
    internal static void Expect(SensorStatistics statistics, params long[] expected) => Assert.Equal(
        expected,
        new[]
        {
            statistics.Asked, statistics.Answered, statistics.Timeouts, statistics.Malformed, statistics.LineErrors, statistics.OtherErrors,
            statistics.Retries, statistics.Missed,
        });
}
