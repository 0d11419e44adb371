using System.Runtime.CompilerServices;
using Conformance.Support;
using Sprig.Scheduling;
using Xunit;

namespace Conformance;

public class SpawningAndEndingTests
{
    private readonly Scenario _scene = new();

    [Fact]
    public void Spawn_never_runs_the_body_inline()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(Note("child"));
            _scene.Log.Add("after the spawn");
            await child;
        });
        _scene.Log.Expect("after the spawn", "child");
    }

    [Fact]
    public void Bodies_start_in_spawn_order_on_a_later_tick()
    {
        _scene.Run(async () =>
        {
            foreach (char name in "abc")
                _ = Coroutine.Spawn(Note($"{name}"));
            await Coroutine.Yield();
            _scene.Log.Add("main again");
        });
        _scene.Log.Expect("a", "b", "c", "main again");
    }

    [Fact]
    public void One_that_is_spawned_for_later_begins_when_its_time_has_come()
    {
        _scene.Run(() =>
        {
            Coroutine.SpawnAfter(Scenario.Seconds(2), Stamp("late"));
            Coroutine.SpawnAfter(Scenario.Seconds(1), Stamp("early"));
            return Task.CompletedTask;
        });
        _scene.Log.Expect("1 early", "2 late");
    }

    [Fact]
    public void One_that_is_killed_before_its_time_cancels_its_timer_and_never_runs()
    {
        _scene.Run(() =>
        {
            Coroutine later = Coroutine.SpawnAfter(Scenario.Seconds(10), Stamp("never"));
            later.Kill();
            Assert.Equal(CoroutineState.Killed, later.State);
            return Task.CompletedTask;
        });
        _scene.Log.Expect();
        Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
    }

    [Fact]
    public void A_failure_is_kept_and_await_rethrows_the_same_instance_each_time_with_its_own_stack() => _scene.Run(async () =>
    {
        Coroutine failing = Coroutine.Spawn(FailDeepInsideAsync);
        var first = await Assert.ThrowsAsync<FormatException>(async () => await failing);
        var second = await Assert.ThrowsAsync<FormatException>(async () => await failing);
        Assert.Same(first, second);
        Assert.Same(first, failing.Exception);
        Assert.Contains(nameof(FailDeepInsideAsync), second.StackTrace, StringComparison.Ordinal);
    });

    [Fact]
    public void A_failure_that_nobody_ever_looks_at_is_reported_once_with_name_file_and_line()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _scene.Run(() =>
        {
            Coroutine.Spawn(FailDeepInsideAsync, new SpawnOptions { Name = "forgotten" });
            return Task.CompletedTask;
        }));
        Assert.IsType<FormatException>(Assert.Single(error.InnerExceptions));
        _scene.Reports.Expect("failure of forgotten: deep inside");
        Assert.Matches(@"^sprig: coroutine 'forgotten' \(spawned at .*SpawningAndEndingTests\.cs:\d+\)", _scene.Errors.ToString());
        Assert.Single(_scene.Errors.ToString().Split("forgotten")[1..]);
    }

    [Fact]
    public void A_failure_that_somebody_looked_at_is_not_reported()
    {
        _scene.Run(async () =>
        {
            await Assert.ThrowsAsync<FormatException>(async () => await Coroutine.Spawn(FailDeepInsideAsync));
            Coroutine looked = Coroutine.Spawn(FailDeepInsideAsync);
            await looked.JoinAsync();
            Assert.NotNull(looked.Exception);
        });
        _scene.Reports.Expect();
    }

    [Fact]
    public void A_join_returns_whether_it_ended_and_never_throws_the_bodys_error() => _scene.Run(async () =>
    {
        Coroutine failing = Coroutine.Spawn(async () =>
        {
            await Scenario.Sleep(2);
            await FailDeepInsideAsync();
        });
        Assert.False(await failing.JoinAsync(Scenario.Seconds(1)));
        Assert.True(await failing.JoinAsync(Scenario.Seconds(5)));
        Assert.True(await failing.JoinAsync());
        Assert.Equal(Scenario.Seconds(2), _scene.Clock.Elapsed);
        Assert.NotNull(failing.Exception);
    });

    [Fact]
    public void A_join_that_is_over_in_the_tick_in_which_it_ended_says_that_it_ended() => _scene.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(async () => await Scenario.Sleep(1));
        await Coroutine.Yield();
        Assert.True(await child.JoinAsync(Scenario.Seconds(1)));
    });

    [Fact]
    public void Joining_all_with_their_errors_surfaces_the_earliest_failure_and_duplicates_count_once() => _scene.Run(async () =>
    {
        Coroutine late = FailAfter(2, "late");
        Coroutine early = FailAfter(1, "early");
        Coroutine good = Coroutine.Spawn(async () => await Scenario.Sleep(5));
        var error = await Assert.ThrowsAsync<FormatException>(() => Coroutine.JoinAll([late, good, early, early], raiseError: true));
        Assert.Equal("early", error.Message);
        Assert.Equal(Scenario.Seconds(1), _scene.Clock.Elapsed);
        Assert.True(await Coroutine.JoinAll(late, early, early, good));
        Assert.NotNull(late.Exception);
    });

    [Fact]
    public void Done_callbacks_run_in_the_order_they_were_added_and_never_inline()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(Note("body"));
            foreach (char name in "abc")
                child.AddDoneCallback(_ => _scene.Log.Add($"{name}"));
            await child;
            child.AddDoneCallback(_ => _scene.Log.Add("late one"));
            _scene.Log.Add("after adding it");
            await Coroutine.Yield();
        });
        _scene.Log.Expect("body", "a", "b", "c", "after adding it", "late one");
    }

    [Fact]
    public void A_done_callback_that_throws_stops_no_other_and_is_reported()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(Note("body"));
            child.AddDoneCallback(_ => throw new FormatException("of a callback"));
            child.AddDoneCallback(_ => _scene.Log.Add("the other"));
            await child;
            await Coroutine.Yield();
        });
        _scene.Log.Expect("body", "the other");
        _scene.Reports.Expect("nobody: FormatException");
    }

    [Fact]
    public void A_kill_is_delivered_at_the_coroutines_wait() => _scene.Run(async () =>
    {
        Coroutine child = _scene.Go("child", async () => await Scenario.Sleep(10));
        await Scenario.Sleep(1);
        child.Kill();
        await child.JoinAsync();
        _scene.Log.Expect("child killed");
        Assert.Equal(Scenario.Seconds(1), _scene.Clock.Elapsed);
    });

    [Fact]
    public void A_kill_of_one_that_is_not_waiting_is_delivered_at_its_next_wait()
    {
        _scene.Run(async () =>
        {
            await _scene.Go("child", async () =>
            {
                Coroutine.Current.Kill();
                _scene.Log.Add("still here");
                await Coroutine.Yield();
                _scene.Log.Add("never");
            }).JoinAsync();
        });
        _scene.Log.Expect("still here", "child killed");
    }

    [Fact]
    public void Finally_blocks_run_and_may_await()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Cleaner("child", seconds: 3);
            await Scenario.Sleep(1);
            Assert.True(await child.KillAsync());
        });
        _scene.Log.Expect("4 child cleaned up");
    }

    [Fact]
    public void A_second_kill_does_not_abort_that_clean_up()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Cleaner("child", seconds: 3);
            await Coroutine.Yield();
            child.Kill();
            await Scenario.Sleep(1);
            child.Kill(TimeSpan.Zero);
            await child.JoinAsync();
        });
        _scene.Log.Expect("3 child cleaned up");
        _scene.Reports.Expect();
    }

    [Fact]
    public void When_the_grace_time_has_passed_every_further_wait_in_it_throws_and_the_straggler_is_named()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < 4; i++)
                    _scene.At(await _scene.OutcomeOf(async () =>
                    {
                        await Scenario.Sleep(2);
                        return "slept";
                    }));
            }, new SpawnOptions { Name = "stubborn" });
            await Scenario.Sleep(1);
            child.Kill(Scenario.Seconds(3));
            await child.JoinAsync();
            Assert.Equal(CoroutineState.Killed, child.State);
        });
        Assert.Equal(["1 killed", "3 slept", "4 killed", "4.001 killed"], _scene.Log.Events);
        _scene.Reports.Expect("straggler stubborn");
    }

    [Fact]
    public void One_that_is_killed_before_its_first_step_never_runs_and_its_callbacks_still_fire()
    {
        _scene.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(Note("never"));
            child.AddDoneCallback(ended => _scene.Log.Add($"{ended.State}"));
            child.Kill();
            await Coroutine.Yield();
        });
        _scene.Log.Expect("Killed");
    }

    [Fact]
    public void A_killed_handle_is_Killed_neither_success_nor_failure() => _scene.Run(async () =>
    {
        Coroutine<int> child = Coroutine.Spawn(async () =>
        {
            await Scenario.Sleep(10);
            return 1;
        });
        await Coroutine.Yield();
        Assert.True(await child.KillAsync());
        Assert.Equal(CoroutineState.Killed, child.State);
        Assert.Null(child.Exception);
        Assert.Throws<CoroutineKilledException>(() => child.Result);
        await Assert.ThrowsAsync<CoroutineKilledException>(async () => await child);
    });

    [Fact]
    public void An_error_of_the_clean_up_is_a_failure_and_not_lost() => _scene.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(async () =>
        {
            try
            {
                await Scenario.Sleep(10);
            }
            finally
            {
                await FailDeepInsideAsync();
            }
        });
        await Coroutine.Yield();
        await child.KillAsync();
        Assert.IsType<FormatException>(child.Exception);
    });

    [Fact]
    public void Its_token_is_cancelled_by_the_kill_for_foreign_awaits()
    {
        _scene.Run(async () =>
        {
            Coroutine child = _scene.Go("child", () => Task.Delay(Timeout.InfiniteTimeSpan, Coroutine.Current.Token));
            await Coroutine.Yield();
            child.Kill();
            await child.JoinAsync();
        });
        _scene.Log.Expect("child cancelled");
    }

    [Fact]
    public void Catching_a_kill_does_not_undo_it() => _scene.Run(async () =>
    {
        Coroutine child = _scene.Go("child", async () =>
        {
            await Assert.ThrowsAsync<CoroutineKilledException>(async () => await Scenario.Sleep(10));
        });
        await Coroutine.Yield();
        await child.KillAsync();
        _scene.Log.Expect("child");
        Assert.Equal(CoroutineState.Killed, child.State);
    });

    [Fact]
    public void Killing_one_that_has_ended_changes_nothing() => _scene.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(Note("body"));
        await child;
        child.Kill();
        Assert.Equal(CoroutineState.Completed, child.State);
        await child;
    });

    private Func<Task> Note(string what) => () =>
    {
        _scene.Log.Add(what);
        return Task.CompletedTask;
    };

    private Func<Task> Stamp(string what) => () =>
    {
        _scene.At(what);
        return Task.CompletedTask;
    };

    private Coroutine Cleaner(string name, double seconds) => Coroutine.Spawn(async () =>
    {
        try
        {
            await Scenario.Sleep(100);
        }
        finally
        {
            await Scenario.Sleep(seconds);
            _scene.At($"{name} cleaned up");
        }
    });

    private static Coroutine FailAfter(double seconds, string message) => Coroutine.Spawn(async () =>
    {
        await Scenario.Sleep(seconds);
        throw new FormatException(message);
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task FailDeepInsideAsync()
    {
        await Coroutine.Yield();
        throw new FormatException("deep inside");
    }
}
