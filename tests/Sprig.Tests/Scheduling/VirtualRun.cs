using System.Globalization;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Tests.Scheduling;

/// <summary>One run in virtual time: its clock, its trace, what its observer was told and what went to its error output.</summary>
internal sealed class VirtualRun : SchedulerObserver
{
    internal TestClock Clock { get; } = new();

    /// <summary>What the test itself records.</summary>
    internal EventLog Log { get; } = new();

    /// <summary>Failures, stragglers and failed callbacks, as the observer saw them.</summary>
    internal EventLog Reports { get; } = new();

    internal StringWriter Errors { get; } = new();

    internal SchedulerOptions Options => new() { Clock = Clock, ErrorOutput = Errors, Observer = this };

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    internal void Run(Func<Task> main, TimeSpan? grace = null)
        => CoroutineScheduler.Run(main, grace is { } time ? Options with { KillGrace = time } : Options);

    internal T Run<T>(Func<Task<T>> main) => CoroutineScheduler.Run(main, Options);

    /// <summary>Records an event with its virtual time: "1.5 what".</summary>
    internal void At(string what) => Log.Add(string.Create(CultureInfo.InvariantCulture, $"{Clock.Elapsed.TotalSeconds} {what}"));

    public override void OnUnobservedFailure(string name, string spawnedAt, Exception exception)
        => Reports.Add($"failure of {name}: {exception.Message}");

    public override void OnStraggler(Coroutine coroutine) => Reports.Add($"straggler {coroutine.Name}");

    public override void OnCallbackFailed(Coroutine? coroutine, Exception exception)
        => Reports.Add($"callback of {coroutine?.Name ?? "nobody"}: {exception.Message}");
}
