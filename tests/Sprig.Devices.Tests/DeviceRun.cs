using System.Globalization;
using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Devices.Tests;

/// <summary>One run in virtual time with a board: what its pins did and when, and what the observer was told.</summary>
internal sealed class DeviceRun : SchedulerObserver
{
    private readonly List<string> _log = [];

    internal TestClock Clock { get; } = new();

    internal SimulatedBoard Board { get; } = new();

    /// <summary>Failures that nobody looked at, and failed callbacks.</summary>
    internal List<string> Reports { get; } = [];

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    internal static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Runs a test. Afterwards no line is held, and nothing was reported that the test has not taken.</summary>
    /// <param name="test">Runs as main.</param>
    /// <param name="seed">For a random order of what is ready; none: the usual order.</param>
    internal static void Run(Func<DeviceRun, Task> test, int? seed = null)
    {
        DeviceRun run = new();
        CoroutineScheduler.Run(
            () => test(run),
            new SchedulerOptions { Clock = run.Clock, Observer = run, ErrorOutput = TextWriter.Null, RandomSeed = seed });
        Assert.Equal(0, run.Board.HeldLines);
        Assert.Empty(run.Reports);
    }

    /// <summary>Records an event with its virtual time: "1.5 what".</summary>
    internal void At(string what) => _log.Add(string.Create(CultureInfo.InvariantCulture, $"{Clock.Elapsed.TotalSeconds} {what}"));

    internal void Expect(params string[] expected)
    {
        Assert.Equal(expected, _log);
        _log.Clear();
    }

    /// <summary>What a line did so far: the second of each change, counted from the start of the run, first to high.</summary>
    internal double[] ChangesOf(int line)
        => [.. Board.ChangesOf(line).Select(change => (change.Time - Clock.Now + Clock.Elapsed).TotalSeconds)];

    /// <summary>Drives lines from outside by the clock.</summary>
    internal Coroutine Drive(int line, bool first, params double[] seconds) => Coroutine.Spawn(async () =>
    {
        MonotonicTime start = Clock.Now - Clock.Elapsed;
        bool level = first;
        foreach (double second in seconds)
        {
            await Coroutine.SleepUntil(start + TimeSpan.FromSeconds(second));
            Board.Drive(line, level);
            level = !level;
        }
    });

    /// <summary>What the observer was told, taken so that <see cref="Run"/> does not complain.</summary>
    internal string[] TakeReports()
    {
        string[] reports = [.. Reports];
        Reports.Clear();
        return reports;
    }

    public override void OnUnobservedFailure(string name, string spawnedAt, Exception exception) => Reports.Add($"{name}: {exception.Message}");

    public override void OnCallbackFailed(Coroutine? coroutine, Exception exception) => Reports.Add($"callback of {coroutine?.Name}: {exception.Message}");
}
