using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine.AddDoneCallback, of Coroutine.Life.cs.</summary>
public class DoneCallbackTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Done_callbacks_run_in_the_order_they_were_added_and_never_inline()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() =>
            {
                _run.Log.Add("body");
                return Task.CompletedTask;
            });
            child.AddDoneCallback(done => _run.Log.Add($"first {done == child} {done.State}"));
            child.AddDoneCallback(_ => _run.Log.Add("second"));
            child.AddDoneCallback(_ => _run.Log.Add("third"));
            await Coroutine.Yield();
            _run.Log.Add("main");
            await Coroutine.Yield();
        });
        _run.Log.Expect("body", "main", "first True Completed", "second", "third");
    }

    [Fact]
    public void A_late_callback_runs_soon_but_never_inline()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Task.CompletedTask);
            await child;
            child.AddDoneCallback(_ => _run.Log.Add("late"));
            child.AddDoneCallback(_ => _run.Log.Add("later"));
            _run.Log.Add("added");
            await Coroutine.Yield();
            _run.Log.Add("main");
        });
        _run.Log.Expect("added", "late", "later", "main");
    }

    [Fact]
    public void A_callback_added_after_the_end_runs_after_those_added_before_it()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(Bodies.SleepForEver);
            child.AddDoneCallback(done =>
            {
                _run.Log.Add("first");
                done.AddDoneCallback(_ => _run.Log.Add("third"));
            });
            child.AddDoneCallback(_ => _run.Log.Add("second"));
            await Coroutine.Yield();
            await child.KillAsync();
        });
        _run.Log.Expect("first", "second", "third");
    }

    [Fact]
    public void A_callback_that_throws_stops_no_other_and_is_reported()
    {
        _run.Run(() =>
        {
            Coroutine child = Coroutine.Spawn(() => Task.CompletedTask);
            child.AddDoneCallback(_ => _run.Log.Add("before"));
            child.AddDoneCallback(_ => throw new InvalidOperationException("thrown by a callback"));
            child.AddDoneCallback(_ => _run.Log.Add("after"));
            return Task.CompletedTask;
        });
        _run.Log.Expect("before", "after");
        _run.Reports.Expect("callback of nobody: thrown by a callback");
        Assert.Contains("thrown by a callback", _run.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Callbacks_of_a_coroutine_killed_before_its_first_step_still_fire()
    {
        _run.Run(() =>
        {
            Coroutine child = Coroutine.Spawn(Bodies.SleepForEver);
            child.AddDoneCallback(done => _run.Log.Add($"{done.State}"));
            child.Kill();
            _run.Log.Add("killed");
            return Task.CompletedTask;
        });
        _run.Log.Expect("killed", "Killed");
    }

    [Fact]
    public void Callbacks_of_the_last_to_end_run_before_the_run_ends_and_may_spawn()
    {
        _run.Run(() =>
        {
            Coroutine.Current.AddDoneCallback(main =>
            {
                _run.At($"main {main.State}");
                Coroutine.Spawn(() => Bodies.SleepFor(1)).AddDoneCallback(_ => _run.At("spawned by a callback"));
            });
            return Task.CompletedTask;
        });
        _run.Log.Expect("0 main Completed", "1 spawned by a callback");
    }

    [Fact]
    public void A_callback_can_not_wait_and_is_told_so()
    {
        _run.Run(() =>
        {
            Coroutine.Current.AddDoneCallback(_ => Coroutine.Yield());
            return Task.CompletedTask;
        });
        _run.Reports.Expect("callback of nobody: No coroutine is running: callbacks and posts can't wait. Spawn a coroutine that does.");
    }

    [Theory]
    [InlineData(CoroutineOutcomes.All, "completed failed killed")]
    [InlineData(CoroutineOutcomes.Completed, "completed")]
    [InlineData(CoroutineOutcomes.Faulted, "failed")]
    [InlineData(CoroutineOutcomes.Killed, "killed")]
    [InlineData(CoroutineOutcomes.Completed | CoroutineOutcomes.Killed, "completed killed")]
    [InlineData(CoroutineOutcomes.None, "")]
    public void A_callback_runs_only_for_the_ends_that_it_was_added_for(CoroutineOutcomes when, string expected)
    {
        List<string> called = [];
        List<string> calledLate = [];
        _run.Run(async () =>
        {
            Coroutine[] all =
            [
                Coroutine.Spawn(() => Task.CompletedTask, new SpawnOptions { Name = "completed" }),
                Coroutine.Spawn(() => Bodies.Fail("broken"), new SpawnOptions { Name = "failed" }),
                Coroutine.Spawn(Bodies.SleepForEver, new SpawnOptions { Name = "killed" }),
            ];
            foreach (Coroutine one in all)
                one.AddDoneCallback(done => called.Add(done.Name), when);
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            await all[2].KillAsync();
            Assert.NotNull(all[1].Exception);
            foreach (Coroutine one in all)
                one.AddDoneCallback(done => calledLate.Add(done.Name), when);
        });
        Assert.Equal(expected, string.Join(' ', called));
        Assert.Equal(expected, string.Join(' ', calledLate));
    }

    [Fact]
    public void A_callback_that_was_taken_back_does_not_run()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Task.CompletedTask);
            Action<Coroutine> callback = _ => _run.Log.Add("taken back");
            Action<Coroutine> twice = _ => _run.Log.Add("twice");
            child.AddDoneCallback(callback, CoroutineOutcomes.Completed);
            child.AddDoneCallback(twice);
            child.AddDoneCallback(_ => _run.Log.Add("between"));
            child.AddDoneCallback(twice);
            Assert.True(child.RemoveDoneCallback(callback));
            Assert.False(child.RemoveDoneCallback(callback));
            Assert.True(child.RemoveDoneCallback(twice));
            await child;
            Assert.False(child.RemoveDoneCallback(twice));
        });
        _run.Log.Expect("between", "twice");
    }

    [Fact]
    public void Bad_input_is_refused() => _run.Run(() =>
    {
        Assert.Throws<ArgumentNullException>(() => Coroutine.Current.AddDoneCallback(null!));
        Assert.Throws<ArgumentNullException>(() => Coroutine.Current.RemoveDoneCallback(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Coroutine.Current.AddDoneCallback(_ => { }, (CoroutineOutcomes)8));
        return Task.CompletedTask;
    });

    [Fact]
    public void When_a_joiner_goes_on_the_callbacks_have_run_whatever_order_the_ready_ones_run_in()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            CoroutineScheduler.Run(
                async () =>
                {
                    bool called = false;
                    Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(1));
                    child.AddDoneCallback(_ => called = true);
                    Coroutine[] others = [.. Enumerable.Range(0, 5).Select(_ => Coroutine.Spawn(() => Bodies.SleepFor(1)))];
                    Coroutine any = Coroutine.Spawn(async () =>
                    {
                        await Coroutine.WaitAny([child]);
                        Assert.True(called);
                    });
                    await child;
                    Assert.True(called);
                    await any;
                    await Coroutine.JoinAll(others);
                },
                _run.Options with { RandomSeed = seed });
        }
    }
}
