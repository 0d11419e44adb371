using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class SchedulerObserverTests
{
    [Fact]
    public void The_observer_is_told_of_every_birth_and_every_end()
    {
        Observer observer = new();
        CoroutineScheduler.Run(
            async () =>
            {
                Coroutine unnamed = Coroutine.Spawn(() => Task.CompletedTask);
                Coroutine.SpawnAfter(VirtualRun.Seconds(1), Bodies.SleepForEver).Kill();
                Assert.Equal("coroutine-2", unnamed.Name);
                await unnamed;
                Coroutine broken = Coroutine.Spawn(() => Bodies.Fail("broken"), new SpawnOptions { Name = "broken" });
                await broken.JoinAsync();
                Assert.NotNull(broken.Exception);
            },
            new SchedulerOptions { Clock = new TestClock(), Observer = observer, ErrorOutput = TextWriter.Null });
        observer.Log.Expect(
            "spawned 1 main Ready",
            "spawned 2 coroutine-2 Ready",
            "spawned 3 coroutine-3 Created",
            "ended 3 coroutine-3 Killed",
            "ended 2 coroutine-2 Completed",
            "spawned 4 broken Ready",
            "ended 4 broken Faulted",
            "ended 1 main Completed");
    }

    [Fact]
    public void What_an_observer_throws_goes_to_the_error_output_and_no_further()
    {
        StringWriter errors = new();
        CoroutineScheduler.Run(
            async () => await Coroutine.Spawn(() => Task.CompletedTask),
            new SchedulerOptions { Clock = new TestClock(), Observer = new Thrower(), ErrorOutput = errors });
        Assert.Contains("the observer Thrower failed", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("spawned: main", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("ended: main", errors.ToString(), StringComparison.Ordinal);
    }

    private sealed class Thrower : SchedulerObserver
    {
        public override void OnSpawned(Coroutine coroutine) => throw new InvalidOperationException($"spawned: {coroutine.Name}");

        public override void OnEnded(Coroutine coroutine) => throw new InvalidOperationException($"ended: {coroutine.Name}");
    }

    private sealed class Observer : SchedulerObserver
    {
        internal EventLog Log { get; } = new();

        public override void OnSpawned(Coroutine coroutine) => Log.Add($"spawned {coroutine.Id} {coroutine.Name} {coroutine.State}");

        public override void OnEnded(Coroutine coroutine) => Log.Add($"ended {coroutine.Id} {coroutine.Name} {coroutine.State}");
    }
}
