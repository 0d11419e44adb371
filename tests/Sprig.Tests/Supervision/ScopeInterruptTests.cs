using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>CoroutineScope: kills of the caller, deadlines around it, deadlocks, stragglers.</summary>
public class ScopeInterruptTests
{
    private readonly VirtualRun _run = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_outer_deadline_ends_all_and_goes_on_to_its_own_catcher(bool inBlock)
    {
        _run.Run(async () =>
        {
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(() => Cleaner("child", 2));
                if (inBlock)
                    await Cleaner("block", 1);
            }));
            _run.At($"{inTime}");
            await Bodies.SleepFor(1);
            _run.At("undisturbed");
        });
        _run.Log.Expect(inBlock
            ? ["1 block cleans", "2 block clean", "2 child cleans", "4 child clean", "4 False", "5 undisturbed"]
            : ["1 child cleans", "3 child clean", "3 False", "4 undisturbed"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kill_of_the_caller_ends_all_and_goes_on(bool inBlock)
    {
        _run.Run(async () =>
        {
            Coroutine caller = Coroutine.Spawn(async () =>
            {
                await CoroutineScope.RunAsync(async scope =>
                {
                    _ = scope.Spawn(() => Cleaner("child", 2));
                    if (inBlock)
                        await Bodies.SleepForEver();
                });
                _run.At("not reached");
            });
            await Bodies.SleepFor(1);
            await caller.KillAsync();
            _run.At($"{caller.State}");
        });
        _run.Log.Expect("1 child cleans", "3 child clean", "3 Killed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Real_errors_go_on_instead_of_the_interrupt(bool kill)
    {
        _run.Run(async () =>
        {
            Coroutine caller = Coroutine.Spawn(() => Deadline.TryRunAsync(VirtualRun.Seconds(2), () => CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(async () =>
                {
                    try
                    {
                        await Bodies.SleepForEver();
                    }
                    finally
                    {
                        await Bodies.FailAfter(1, "in clean-up");
                    }
                });
                await Bodies.SleepForEver();
            })));
            await Bodies.SleepFor(1);
            if (kill)
                caller.Kill();
            AggregateException error = await Assert.ThrowsAsync<AggregateException>(async () => await caller);
            _run.At($"{caller.State} {Assert.Single(error.InnerExceptions).Message}");
        });
        _run.Log.Expect($"{(kill ? 2 : 3)} Faulted in clean-up");
    }

    [Fact]
    public void A_deadline_of_the_blocks_own_is_an_error_of_the_block() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(Bodies.SleepForEver);
            await Deadline.RunAsync(VirtualRun.Seconds(1), Bodies.SleepForEver);
        }));
        Assert.IsType<DeadlineExceededException>(Assert.Single(error.InnerExceptions));
    });

    [Fact]
    public void The_token_of_an_outer_deadline_counts_as_that_deadline()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource never = new();
            using Deadline outer = Deadline.After(VirtualRun.Seconds(1));
            Exception error = await Assert.ThrowsAnyAsync<Exception>(() => CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(() => Cleaner("child", 1));
                await never.Task.WaitAsync(outer.Token);
            }));
            _run.At($"{outer.Caused(error)}");
        });
        _run.Log.Expect("1 child cleans", "2 child clean", "2 True");
    }

    [Theory]
    [InlineData(1, 2, "5 outer")]
    [InlineData(2, 1, "4 outer")]
    [InlineData(1, 9, "4 inner", "9 outer")]
    public void Of_two_deadlines_that_pass_before_the_clean_up_is_done_the_outer_one_goes_on(double inner, double outer, params string[] expected)
    {
        _run.Run(async () =>
        {
            bool outerInTime = await Deadline.TryRunAsync(VirtualRun.Seconds(outer), async () =>
            {
                if (!await Deadline.TryRunAsync(VirtualRun.Seconds(inner), () => CoroutineScope.RunAsync(async scope =>
                {
                    // Longer than the other deadline takes.
                    _ = scope.Spawn(() => CleanFor(inner < outer && outer < 9 ? 4 : 3));
                    await Bodies.SleepForEver();
                })))
                    _run.At("inner");
                await Bodies.SleepForEver();
            });
            Assert.False(outerInTime);
            _run.At("outer");
        });
        _run.Log.Expect(expected);
    }

    [Fact]
    public void A_kill_that_comes_while_a_deadlines_clean_up_runs_goes_on_past_the_deadlines_catcher()
    {
        _run.Run(async () =>
        {
            Coroutine caller = Coroutine.Spawn(async () =>
            {
                await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => CoroutineScope.RunAsync(async scope =>
                {
                    _ = scope.Spawn(() => CleanFor(3));
                    await Bodies.SleepForEver();
                }));
                _run.At("not reached");
            });
            await Bodies.SleepFor(2);
            await caller.KillAsync();
            _run.At($"{caller.State}");
        });
        _run.Log.Expect("4 Killed");
    }

    [Fact]
    public void A_kill_in_the_tick_in_which_the_last_child_ended_is_delivered_and_the_scope_is_closed()
    {
        _run.Run(async () =>
        {
            Coroutine child = null!;
            Coroutine caller = Coroutine.Spawn(() => CoroutineScope.RunAsync(scope =>
            {
                child = scope.Spawn(() => Bodies.SleepFor(1));
                return Task.CompletedTask;
            }));
            await Coroutine.Yield();
            child.AddDoneCallback(_ => caller.Kill());
            await caller.JoinAsync();
            _run.At($"{child.State} {caller.State}");
        });
        _run.Log.Expect("1 Completed Killed");
    }

    [Fact]
    public void When_the_grace_time_is_over_the_scope_still_holds_until_the_last_child_has_ended()
    {
        _run.Run(async () =>
        {
            Coroutine child = null!;
            Coroutine caller = Coroutine.Spawn(
                () => CoroutineScope.RunAsync(async scope =>
                {
                    child = scope.Spawn(() => CleanFor(3), new SpawnOptions { Name = "child" });
                    await Bodies.SleepForEver();
                }),
                new SpawnOptions { Name = "caller" });
            await Coroutine.Yield();
            await caller.KillAsync(VirtualRun.Seconds(1));
            Assert.False(child.IsAlive);
            _run.At($"{caller.State} {child.State}");
        });
        // A straggler's wait throws after a millisecond.
        _run.Log.Expect("3.001 Killed Killed");
        _run.Reports.Expect("straggler caller");
    }

    [Fact]
    public void A_child_that_waits_for_a_lock_held_around_the_scope_is_a_deadlock_and_told_at_once()
    {
        _run.Run(async () =>
        {
            AsyncLock guard = new("guard");
            AggregateException error;
            using (await guard.AcquireAsync())
            {
                error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
                {
                    _ = scope.Spawn(async () =>
                    {
                        using (await guard.AcquireAsync())
                            _run.At("not reached");
                    });
                    _ = scope.Spawn(() => Bodies.SleepFor(9));
                    await Coroutine.Yield();
                }));
            }

            Assert.Contains("guard", Assert.IsType<DeadlockException>(Assert.Single(error.InnerExceptions)).Message, StringComparison.Ordinal);
            _run.At("told");
        });
        _run.Log.Expect("0 told");
    }

    [Fact]
    public void A_child_that_waits_for_what_never_comes_is_a_deadlock_and_the_scope_ends_with_it() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(async () => await new CompletionSource("never"));
            await Coroutine.Yield();
        }));
        Assert.Contains("CompletionSource 'never'", Assert.IsType<DeadlockException>(Assert.Single(error.InnerExceptions)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_daemons_children_are_daemons_and_end_with_the_run_without_an_error()
    {
        _run.Run(async () =>
        {
            Coroutine child = null!;
            _ = Coroutine.Spawn(
                () => CoroutineScope.RunAsync(async scope =>
                {
                    child = scope.Spawn(() => Cleaner("child", 1));
                    await Bodies.SleepForEver();
                }),
                new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Bodies.SleepFor(1);
            _run.At($"{child.Daemon}");
        });
        _run.Log.Expect("1 UntilMainReturns", "1 child cleans", "2 child clean");
        _run.Reports.Expect();
    }

    private static async Task CleanFor(double seconds)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            await Bodies.SleepFor(seconds);
        }
    }

    private async Task Cleaner(string name, double seconds)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            _run.At($"{name} cleans");
            await Bodies.SleepFor(seconds);
            _run.At($"{name} clean");
        }
    }
}
