using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>What a killed coroutine may still do, and what ends that: Coroutine.Killing.cs.</summary>
public class KillCleanUpTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_second_kill_does_not_abort_the_clean_up()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => CleanUpFor(3));
            await Coroutine.Yield();
            child.Kill();
            child.Kill();
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            child.Kill();
            child.Kill(TimeSpan.Zero);
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            await child.KillAsync();
            _run.At($"{child.State}");
        });
        _run.Log.Expect("3 cleaned up", "3 Killed");
        _run.Reports.Expect();
    }

    [Fact]
    public void When_the_grace_time_has_passed_every_further_wait_throws_and_the_straggler_is_named()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                try
                {
                    await Bodies.SleepForEver();
                }
                finally
                {
                    await Try("sleep", async () => await Coroutine.Sleep(VirtualRun.Seconds(10)));
                    await Try("yield", async () => await Coroutine.Yield());
                    await Try("queue", async () => await new WaitQueue("queue").WaitAsync());
                    await Try("join", async () => await Coroutine.Current.JoinAsync());
                }
            }, new SpawnOptions { Name = "child" });
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            await child.KillAsync(grace: VirtualRun.Seconds(2));
            Assert.Equal(CoroutineState.Killed, child.State);
        });
        _run.Log.Expect("sleep threw", "yield threw", "queue threw", "join threw");
        _run.Reports.Expect("straggler child");
        Assert.Matches(@"'child' \(spawned at .*KillCleanUpTests\.cs:\d+\) was killed and has not ended within its grace time; it waits for a time", _run.Errors.ToString());
        Assert.InRange(_run.Clock.Elapsed, VirtualRun.Seconds(3), VirtualRun.Seconds(3.1));
    }

    [Fact]
    public void The_grace_time_of_the_scheduler_holds_unless_another_is_given()
    {
        _run.Run(
            async () =>
            {
                Coroutine usual = Coroutine.Spawn(() => CleanUpFor(3));
                Coroutine patient = Coroutine.Spawn(() => CleanUpFor(100));
                await Coroutine.Yield();
                usual.Kill();
                patient.Kill(Timeout.InfiniteTimeSpan);
                await Coroutine.JoinAll(usual, patient);
                Assert.Throws<ArgumentOutOfRangeException>(() => usual.Kill(VirtualRun.Seconds(-1)));
            },
            grace: VirtualRun.Seconds(2));
        _run.Log.Expect("2 clean-up aborted", "100 cleaned up");
        _run.Reports.Expect("straggler coroutine-2");
    }

    [Fact]
    public void A_straggler_that_catches_everything_in_a_loop_can_not_hang_the_loop()
    {
        _run.Run(async () =>
        {
            SpawnOptions daemon = new() { Name = "deaf", Daemon = DaemonRule.UntilWorkEnds };
            Coroutine child = Coroutine.Spawn(Bodies.NeverGiveUp, daemon);
            await Coroutine.Yield();
            child.Kill(grace: VirtualRun.Seconds(1));
            for (int i = 0; i < 3; i++)
            {
                await Coroutine.Sleep(VirtualRun.Seconds(1));
                _run.At("main goes on");
            }

            _run.Reports.Expect("straggler deaf");
            Assert.True(child.IsAlive);
        });
        _run.Log.Expect("1 main goes on", "2 main goes on", "3 main goes on");
        _run.Reports.Expect("straggler deaf");
    }

    [Fact]
    public void A_straggler_that_yields_in_a_loop_can_not_hang_the_loop_or_the_runs_end()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(YieldForEver, new SpawnOptions { Name = "deaf", Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
            child.Kill(grace: TimeSpan.Zero);
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            _run.At("main goes on");
        });
        _run.Log.Expect("1 main goes on");
        _run.Reports.Expect("straggler deaf");

        static async Task YieldForEver()
        {
            while (true)
            {
                try
                {
                    await Coroutine.Yield();
                }
                catch (OperationCanceledException)
                {
                    // That is the point.
                }
            }
        }
    }

    [Fact]
    public void Clean_up_that_throws_another_error_is_not_lost()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                try
                {
                    await Bodies.SleepForEver();
                }
                finally
                {
                    await Bodies.Fail("clean-up broke");
                }
            }, new SpawnOptions { Name = "child" });
            await Coroutine.Yield();
            await child.KillAsync();
            _run.Log.Add($"{child.State}");
        }));
        _run.Log.Expect("Faulted");
        _run.Reports.Expect("failure of child: clean-up broke");
        Assert.Equal("clean-up broke", Assert.Single(error.InnerExceptions).Message);
    }

    [Fact]
    public void A_body_that_catches_its_kill_and_returns_is_Killed_nevertheless() => _run.Run(async () =>
    {
        Coroutine<int> child = Coroutine.Spawn(async () =>
        {
            try
            {
                await Bodies.SleepForEver();
            }
            catch (CoroutineKilledException)
            {
                // Undone? No.
            }

            return 1;
        });
        await Coroutine.Yield();
        await child.KillAsync();
        Assert.Equal(CoroutineState.Killed, child.State);
        Assert.Throws<CoroutineKilledException>(() => child.Result);
    });

    [Fact]
    public void KillAsync_waits_for_the_end_up_to_a_timeout_and_killing_the_dead_does_nothing()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => CleanUpFor(3));
            await Coroutine.Yield();
            _run.At($"{await child.KillAsync(timeout: VirtualRun.Seconds(1))}");
            _run.At($"{await child.KillAsync()}");
            _run.At($"{await child.KillAsync()}");
            child.Kill();
        });
        _run.Log.Expect("1 False", "3 cleaned up", "3 True", "3 True");
    }

    [Fact]
    public void Main_killed_by_a_coroutine_throws_out_of_the_run()
    {
        CoroutineKilledException error = Assert.Throws<CoroutineKilledException>(() => _run.Run(async () =>
        {
            Coroutine main = Coroutine.Current;
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () =>
            {
                main.Kill();
                return Task.CompletedTask;
            });
            await Bodies.SleepForEver();
        }));
        Assert.Equal("main", error.CoroutineName);
        Assert.Null(error.Signal);
        _run.Reports.Expect();
    }

    private async Task CleanUpFor(double seconds)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            bool done = false;
            try
            {
                await Bodies.SleepFor(seconds);
                done = true;
            }
            finally
            {
                _run.At(done ? "cleaned up" : "clean-up aborted");
            }
        }
    }

    private async Task Try(string what, Func<Task> wait)
    {
        try
        {
            await wait();
            _run.Log.Add($"{what} ended");
        }
        catch (CoroutineKilledException)
        {
            _run.Log.Add($"{what} threw");
        }
    }
}
