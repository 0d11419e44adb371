using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class CoroutineSpawningTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Spawn_never_runs_the_body_inline()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() =>
            {
                _run.Log.Add("body");
                return Task.CompletedTask;
            });
            _run.Log.Add("after spawn");
            await child;
            _run.Log.Add("after await");
        });
        _run.Log.Expect("after spawn", "body", "after await");
    }

    [Fact]
    public void Bodies_start_in_spawn_order_on_a_later_tick()
    {
        _run.Run(async () =>
        {
            Spawn("a", "a1", "a2");
            Spawn("b", "b1");
            Spawn("c");
            _run.Log.Add("main");
            await Coroutine.Yield();
            _run.Log.Add("main again");
        });
        _run.Log.Expect("main", "a", "b", "c", "main again", "a1", "a2", "b1");

        void Spawn(string name, params string[] children) => Coroutine.Spawn(() =>
        {
            _run.Log.Add(name);
            foreach (string child in children)
                Spawn(child);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void SpawnAfter_starts_when_the_delay_is_over_and_equal_delays_in_spawn_order()
    {
        _run.Run(() =>
        {
            Coroutine.SpawnAfter(VirtualRun.Seconds(2), () => Note("late"));
            Coroutine.SpawnAfter(VirtualRun.Seconds(1), () => Note("first"));
            Coroutine.SpawnAfter(VirtualRun.Seconds(1), () => Note("second"));
            Coroutine.SpawnAfter(TimeSpan.Zero, () => Note("at once"));
            return Note("main");
        });
        _run.Log.Expect("0 main", "0 at once", "1 first", "1 second", "2 late");
    }

    [Fact]
    public void SpawnAfter_killed_before_its_time_cancels_its_timer_and_never_runs()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.SpawnAfter(VirtualRun.Seconds(100), () => Note("ran"));
            child.AddDoneCallback(done => _run.At($"callback {done.State}"));
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            child.Kill();
            Assert.True(await child.JoinAsync());
            await Assert.ThrowsAsync<CoroutineKilledException>(async () => await child);
        });
        _run.Log.Expect("1 callback Killed");
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
    }

    [Fact]
    public void SpawnAfter_gives_a_result()
    {
        int result = _run.Run(async () => await Coroutine.SpawnAfter(VirtualRun.Seconds(3), async () =>
        {
            await Coroutine.Yield();
            return 42;
        }));
        Assert.Equal(42, result);
        Assert.Equal(VirtualRun.Seconds(3), _run.Clock.Elapsed);
    }

    [Fact]
    public void SpawnAfter_refuses_a_negative_delay() => _run.Run(() =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Coroutine.SpawnAfter(VirtualRun.Seconds(-1), () => Note("ran")));
        Assert.Equal(1, CoroutineScheduler.Current.ActiveCount);
        return Task.CompletedTask;
    });

    [Fact]
    public void Bodies_may_give_tasks_or_value_tasks_with_or_without_result()
    {
        _run.Run(async () =>
        {
            Coroutine<int> task = Coroutine.Spawn(async () =>
            {
                await Coroutine.Yield();
                return 1;
            });
            Coroutine<int> valueTask = Coroutine.Spawn(() => new ValueTask<int>(2));
            Coroutine plain = Coroutine.Spawn(() => new ValueTask(Note("plain")));
            Assert.Throws<InvalidOperationException>(() => task.Result);
            Assert.Equal(1, await task);
            Assert.Equal(2, await valueTask);
            await plain;
            Assert.Equal(1, task.Result);
        });
        _run.Log.Expect("0 plain");
    }

    [Fact]
    public void Bodies_of_ValueTasks_are_spawned_later_and_run_as_well()
    {
        int result = CoroutineScheduler.Run(Main, _run.Options);
        CoroutineScheduler.Run(() => new ValueTask(Note("plain main")), _run.Options);
        Assert.Equal(3, result);
        _run.Log.Expect("2 plain", "2 plain main");

        async ValueTask<int> Main()
        {
            Coroutine<int> later = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () => new ValueTask<int>(3));
            await Coroutine.SpawnAfter(VirtualRun.Seconds(2), () => new ValueTask(Note("plain")));
            return await later;
        }
    }

    [Fact]
    public void A_body_that_throws_before_it_gives_a_task_or_gives_none_fails() => _run.Run(async () =>
    {
        Func<Task> throws = () => throw new InvalidOperationException("at once");
        Coroutine thrower = Coroutine.Spawn(throws);
        Coroutine none = Coroutine.Spawn(() => (Task)null!);
        Assert.Equal("at once", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await thrower)).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await none);
        Assert.Equal(CoroutineState.Faulted, none.State);
    });

    [Fact]
    public void A_coroutine_knows_its_number_its_name_and_who_spawned_it() => _run.Run(async () =>
    {
        Coroutine named = Coroutine.Spawn(() => Note(""), new SpawnOptions { Name = "named" });
        Coroutine unnamed = Coroutine.Spawn(() => Note(""));
        Assert.Equal((1, "main"), (Coroutine.Current.Id, Coroutine.Current.Name));
        Assert.Equal((2, "named"), (named.Id, named.Name));
        Assert.Equal((3, "coroutine-3"), (unnamed.Id, unnamed.Name));
        Assert.Matches(@"CoroutineSpawningTests\.cs:\d+$", unnamed.SpawnedAt);
        Assert.Equal([Coroutine.Current, named, unnamed], CoroutineScheduler.Current.Coroutines);
        named.Kill();
        Assert.Equal([Coroutine.Current, unnamed], CoroutineScheduler.Current.Coroutines);
        await unnamed;
        Assert.Equal(1, CoroutineScheduler.Current.ActiveCount);
    });

    private Task Note(string what)
    {
        _run.At(what);
        return Task.CompletedTask;
    }
}
