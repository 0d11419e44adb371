using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance;

public class DaemonTests
{
    private readonly Scenario _scene = new();

    [Fact]
    public void The_run_does_not_end_before_one_that_is_no_daemon_does()
    {
        _scene.Run(() =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                await Scenario.Sleep(10);
                _scene.At("worker ended");
            });
            return Task.CompletedTask;
        });
        _scene.Log.Expect("10 worker ended");
    }

    [Fact]
    public void Until_main_returns_it_is_ended_when_mains_body_has_returned_though_other_coroutines_go_on()
    {
        _scene.Run(async () =>
        {
            Daemon("daemon", DaemonRule.UntilMainReturns);
            _ = Coroutine.Spawn(async () => await Scenario.Sleep(9));
            await Scenario.Sleep(2);
        });
        _scene.Log.Expect("2 daemon ends");
        Assert.Equal(Scenario.Seconds(9), _scene.Clock.Elapsed);
    }

    [Fact]
    public void Until_work_ends_it_is_ended_when_main_and_every_non_daemon_have_ended()
    {
        _scene.Run(async () =>
        {
            Daemon("daemon", DaemonRule.UntilWorkEnds);
            _ = Coroutine.Spawn(async () => await Scenario.Sleep(9));
            await Scenario.Sleep(2);
        });
        _scene.Log.Expect("9 daemon ends");
    }

    [Fact]
    public void It_lasts_until_main_has_ended_too_where_the_others_ended_earlier()
    {
        _scene.Run(async () =>
        {
            Daemon("daemon", DaemonRule.UntilWorkEnds);
            _ = Coroutine.Spawn(async () => await Scenario.Sleep(1));
            await Scenario.Sleep(5);
        });
        _scene.Log.Expect("5 daemon ends");
    }

    [Theory]
    [InlineData(DaemonRule.UntilMainReturns)]
    [InlineData(DaemonRule.UntilWorkEnds)]
    public void Ended_means_killed_and_its_clean_up_is_run_and_awaited(DaemonRule rule)
    {
        _scene.Run(async () =>
        {
            Daemon("daemon", rule, cleanUp: 3);
            await Scenario.Sleep(1);
        });
        _scene.Log.Expect("4 daemon ends");
        _scene.Reports.Expect();
    }

    [Fact]
    public void The_grace_time_is_its_clean_ups_limit_and_a_straggler_is_named()
    {
        _scene.Run(async () =>
        {
            Daemon("slow", DaemonRule.UntilMainReturns, cleanUp: 100);
            await Scenario.Sleep(1);
        }, graceSeconds: 2);
        _scene.Log.Expect("3 slow ends");
        _scene.Reports.Expect("straggler slow");
    }

    [Fact]
    public void A_daemons_failure_is_reported_at_once()
    {
        _scene.Run(async () =>
        {
            Coroutine daemon = Coroutine.Spawn(async () =>
            {
                await Scenario.Sleep(1);
                throw new FormatException("broken");
            }, new SpawnOptions { Name = "daemon", Daemon = DaemonRule.UntilWorkEnds });
            await Scenario.Sleep(1.5);
            _scene.Reports.Expect("failure of daemon: broken");
            Assert.Equal(CoroutineState.Faulted, daemon.State);
        });
        _scene.Reports.Expect("failure of daemon: broken");
    }

    [Theory]
    [InlineData(DaemonRule.UntilMainReturns)]
    [InlineData(DaemonRule.UntilWorkEnds)]
    public void Daemons_alone_never_keep_the_run_alive(DaemonRule rule)
    {
        _scene.Run(async () =>
        {
            for (int i = 0; i < 3; i++)
                Daemon($"{i}", rule);
            await Coroutine.Yield();
        });
        Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
    }

    [Theory]
    [InlineData(DaemonRule.UntilMainReturns)]
    [InlineData(DaemonRule.UntilWorkEnds)]
    public void A_daemons_children_are_daemons_of_its_rule(DaemonRule rule) => _scene.Run(async () =>
    {
        Coroutine? child = null;
        await Coroutine.Spawn(() =>
        {
            child = Coroutine.Spawn(async () => await Scenario.Sleep(100));
            return Task.CompletedTask;
        }, new SpawnOptions { Daemon = rule });
        Assert.Equal(rule, child!.Daemon);
    });

    [Fact]
    public void A_daemons_child_that_says_otherwise_keeps_the_run_alive()
    {
        _scene.Run(async () =>
        {
            await Coroutine.Spawn(() =>
            {
                _ = Coroutine.Spawn(async () => await Scenario.Sleep(7), new SpawnOptions { Daemon = DaemonRule.NotDaemon });
                return Task.CompletedTask;
            }, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        });
        Assert.Equal(Scenario.Seconds(7), _scene.Clock.Elapsed);
    }

    [Fact]
    public void The_runs_result_is_mains_result() => Assert.Equal(42, CoroutineScheduler.Run(() => Task.FromResult(42), _scene.Options));

    [Fact]
    public void The_runs_error_is_mains_error_the_very_instance()
    {
        FormatException thrown = new("main's");
        Assert.Same(thrown, Assert.Throws<FormatException>(() => _scene.Run(() => Task.FromException(thrown))));
    }

    [Fact]
    public void Failures_of_non_daemons_that_nobody_observed_come_with_it_in_an_AggregateException()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _scene.Run(async () =>
        {
            Fail("second", 2);
            Fail("first", 1);
            await Scenario.Sleep(3);
            throw new FormatException("main's");
        }));
        Assert.Equal(["main's", "first", "second"], error.InnerExceptions.Select(one => one.Message));
    }

    [Fact]
    public void A_daemons_failure_does_not_come_with_the_runs_result()
        => _scene.Run(async () =>
        {
            _ = Coroutine.Spawn(() => Task.FromException(new FormatException()), new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            await Scenario.Sleep(1);
        });

    [Fact]
    public void A_daemon_that_is_ended_while_an_item_is_on_its_way_to_it_leaves_the_item_in_the_queue()
    {
        AsyncQueue<int> queue = new();
        _scene.Run(async () =>
        {
            _ = Coroutine.Spawn(async () => await queue.GetAsync(), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
            queue.PutNoWait(1);
        });
        Assert.Equal(1, queue.GetNoWait());
    }

    [Fact]
    public void A_straggler_that_the_run_goes_without_and_that_holds_a_lock_is_an_error_that_names_the_lock()
    {
        AsyncLock theLock = new("the lock");
        _scene.Run(async () =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                using (await theLock.AcquireAsync())
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            }, new SpawnOptions { Name = "daemon", Daemon = DaemonRule.UntilMainReturns });
            await Scenario.Sleep(1);
        }, graceSeconds: 1);
        _scene.Reports.Expect("straggler daemon", "daemon: AbandonedLockException");
        Assert.False(theLock.IsHeld);
        _scene.Run(() => Assert.ThrowsAsync<AbandonedLockException>(async () => await theLock.AcquireAsync()));
    }

    private void Daemon(string name, DaemonRule rule, double cleanUp = 0) => Coroutine.Spawn(async () =>
    {
        try
        {
            await Scenario.Sleep(1000);
        }
        finally
        {
            try
            {
                if (cleanUp > 0)
                    await Scenario.Sleep(cleanUp);
            }
            finally
            {
                _scene.At($"{name} ends");
            }
        }
    }, new SpawnOptions { Name = name, Daemon = rule });

    private static void Fail(string message, double after) => Coroutine.Spawn(async () =>
    {
        await Scenario.Sleep(after);
        throw new FormatException(message);
    });
}
