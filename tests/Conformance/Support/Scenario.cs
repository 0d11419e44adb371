using System.Globalization;
using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Testing;

namespace Conformance.Support;

/// <summary>A play in virtual time: its clock, what happened on the stage, what the observer was told.</summary>
internal sealed class Scenario : SchedulerObserver
{
    internal TestClock Clock { get; } = new();

    /// <summary>What the actors did; see <see cref="Go"/>.</summary>
    internal EventLog Log { get; } = new();

    /// <summary>What the run would otherwise keep to itself: failures, stragglers, deadlocks, failed callbacks.</summary>
    internal EventLog Reports { get; } = new();

    internal StringWriter Errors { get; } = new();

    internal SchedulerOptions Options => new() { Clock = Clock, ErrorOutput = Errors, Observer = this };

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    internal static SleepAwaitable Sleep(double seconds) => Coroutine.Sleep(Seconds(seconds));

    internal void Run(Func<Task> main) => CoroutineScheduler.Run(main, Options);

    internal void Run(Func<Task> main, double graceSeconds)
        => CoroutineScheduler.Run(main, Options with { KillGrace = Seconds(graceSeconds) });

    /// <summary>Records an event with its virtual time: "1.5 what".</summary>
    internal void At(string what) => Log.Add(string.Create(CultureInfo.InvariantCulture, $"{Clock.Elapsed.TotalSeconds} {what}"));

    /// <summary>Spawns a coroutine whose outcome is logged: "a", "a killed", "a out of time", "a cancelled",
    /// "a QueueFullException".</summary>
    internal Coroutine Go(string name, Func<Task> body, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        return Go(name, Silent, file, line);

        async Task<string> Silent()
        {
            await body();
            return "";
        }
    }

    /// <summary>As <see cref="Go(string, Func{Task}, string, int)"/>, with what it gave: "a 42".</summary>
    internal Coroutine Go<T>(string name, Func<Task<T>> body, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Coroutine.Spawn(async () => Log.Add($"{name} {await OutcomeOf(body)}".TrimEnd()), new SpawnOptions { Name = name }, file, line);

    internal async Task<string> OutcomeOf<T>(Func<Task<T>> body)
    {
        try
        {
            return $"{await body()}";
        }
        catch (CoroutineKilledException)
        {
            return "killed";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (DeadlineExceededException)
        {
            return "out of time";
        }
#pragma warning disable CA1031 // The outcome is what is tested, whatever it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.GetType().Name;
        }
    }

    /// <summary>What main's step throws.</summary>
    internal static Exception? ErrorOf(Action step)
    {
        try
        {
            step();
            return null;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    public override void OnUnobservedFailure(string name, string spawnedAt, Exception exception)
        => Reports.Add($"failure of {name}: {exception.Message}");

    public override void OnStraggler(Coroutine coroutine) => Reports.Add($"straggler {coroutine.Name}");

    public override void OnDeadlock(DeadlockException error)
        => Reports.Add($"circle of {string.Join(", ", error.Waits.Select(wait => wait.Coroutine))}");

    public override void OnCallbackFailed(Coroutine? coroutine, Exception exception)
        => Reports.Add($"{coroutine?.Name ?? "nobody"}: {exception.GetType().Name}");
}
