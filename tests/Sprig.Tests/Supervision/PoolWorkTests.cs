using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>CoroutinePool.Submit, PoolWork, CoroutinePool.ApplyAsync.</summary>
public class PoolWorkTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Work_is_pending_then_runs_and_gives_its_result()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            PoolWork<int> first = pool.Submit(() => Give(1));
            PoolWork<int> second = pool.Submit(() => new ValueTask<int>(Give(2)));
            Tell(first, second);
            Assert.Throws<InvalidOperationException>(() => second.Result);
            _run.At($"{await first}");
            Tell(first, second);
            _run.At($"{await second.WaitAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await second} {second.Result} {second.Coroutine!.State}");
            await second.WaitAsync();
            await pool.Submit(() => new ValueTask(Bodies.SleepFor(1)));
            Tell(first, second);
        });
        _run.Log.Expect("0 running pending", "1 1", "1 completed running", "2 False", "3 2 2 Completed", "4 completed completed");

        void Tell(params PoolWork[] works)
            => _run.At(string.Join(' ', works.Select(work => work.IsRunning ? "running" : work.IsCompleted ? "completed" : "pending")));
    }

    [Fact]
    public void Pending_work_is_cancelled_and_never_runs_and_running_work_is_not()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            PoolWork<int> running = pool.Submit(() => Give(2));
            PoolWork<int> pending = pool.Submit(() => Give(3));
            PoolWork<int> last = pool.Submit(() => Give(1));
            pending.AddDoneCallback(work => _run.At($"callback {work.IsCanceled}"));
            Assert.True(pending.Cancel());
            Assert.True(pending.Cancel());
            Assert.False(running.Cancel());
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await pending);
            Assert.Throws<OperationCanceledException>(() => pending.Result);
            Assert.True(pending is { IsCanceled: true, IsCompleted: true, IsRunning: false, IsFaulted: false, Coroutine: null });
            _run.At($"{await running} {await last}");
            Assert.False(running.Cancel());
        });
        _run.Log.Expect("0 callback True", "3 2 1");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_failure_is_the_works_and_the_coroutines()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            PoolWork work = pool.Submit(() => Bodies.FailAfter(1, "broken"));
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work);
            Assert.Same(error, work.Exception);
            Assert.Same(error, work.Coroutine!.Exception);
            Assert.Contains(nameof(Bodies.FailAfter), error.StackTrace, StringComparison.Ordinal);
            Assert.True(work is { IsFaulted: true, IsCompleted: true, IsCanceled: false });
        });
        _run.Reports.Expect();
    }

    [Fact]
    public void A_failure_that_nobody_looks_at_is_reported_once_with_the_site_of_the_submit()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            _ = pool.Submit(() => Bodies.SleepFor(1));
            PoolWork work = pool.Submit(() => Bodies.FailAfter(1, "broken"), new SpawnOptions { Name = "work" });
            await work.WaitAsync();
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("failure of work: broken");
        Assert.Contains(nameof(PoolWorkTests), _run.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_one_is_cancelled() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        PoolWork work = pool.Submit(Bodies.SleepForEver, new SpawnOptions { Name = "work" });
        await Coroutine.Yield();
        work.Coroutine!.Kill();
        Assert.Equal("work", (await Assert.ThrowsAsync<CoroutineKilledException>(async () => await work)).CoroutineName);
        Assert.True(work.IsCanceled);
    });

    [Fact]
    public void Callbacks_run_soon_in_order_and_late_ones_too()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            PoolWork<int> work = pool.Submit(() => Give(1));
            work.AddDoneCallback(done => _run.At($"first {done == work} {pool.Count}"));
            work.AddDoneCallback(_ => throw new InvalidOperationException("thrown by a callback"));
            work.AddDoneCallback(_ => _run.At("second"));
            await work;
            await Coroutine.Yield();
            work.AddDoneCallback(_ => _run.At("late"));
            Assert.Throws<ArgumentNullException>(() => work.AddDoneCallback(null!));
        });
        _run.Log.Expect("1 first True 0", "1 second", "1 late");
        _run.Reports.Expect("callback of nobody: thrown by a callback");
    }

    [Fact]
    public void The_place_is_free_when_who_has_waited_goes_on() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        await pool.Submit(() => Give(1));
        Assert.Equal(0, pool.Count);
        Assert.NotNull(pool.TrySpawn(() => Bodies.SleepFor(1)));
    });

    [Fact]
    public void A_waiter_that_is_killed_leaves_the_work_alone() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        PoolWork<int> work = pool.Submit(() => Give(2));
        Coroutine waiter = Coroutine.Spawn(async () => await work);
        Coroutine woken = Coroutine.Spawn(async () => await work);
        await Coroutine.Yield();
        await waiter.KillAsync();
        Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await work));
        Bodies.ActAfter(1, () => woken.Kill());
        await woken.JoinAsync();
        Assert.True(work.IsCompleted);
        Assert.Equal(CoroutineState.Killed, woken.State);
        Assert.Equal(2, await work);
    });

    [Fact]
    public void Work_runs_in_the_flow_and_by_the_daemon_rule_of_who_submitted_it()
    {
        AsyncLocal<string> local = new();
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            PoolWork first = pool.Submit(() => Bodies.SleepFor(1));
            PoolWork<string> second = null!;
            await Coroutine.Spawn(
                () =>
                {
                    local.Value = "submitter";
                    second = pool.Submit(() => Task.FromResult($"{local.Value} {Coroutine.Current.Daemon}"));
                    return Task.CompletedTask;
                },
                new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            local.Value = "main";
            await first;
            _run.At(await second);
            CoroutineScheduler.Current.Post(() => second = pool.Submit(() => Task.FromResult($"{Coroutine.Current.Daemon}")));
            await Bodies.SleepFor(1);
            _run.At(await second);
        });
        _run.Log.Expect("1 submitter UntilWorkEnds", "2 NotDaemon");
    }

    [Fact]
    public void Apply_waits_for_its_place_and_gives_the_result()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            _ = pool.Submit(() => Bodies.SleepFor(1));
            _run.At($"{await pool.ApplyAsync(() => Give(2))}");
            await pool.ApplyAsync(() => Bodies.SleepFor(1));
            _run.At("applied");
            await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(() => Bodies.Fail("broken")));
            // Within the pool: there is a place already.
            _run.At($"{await pool.ApplyAsync(() => pool.ApplyAsync(() => Give(1)))}");
            await pool.ApplyAsync(() => pool.ApplyAsync(() => Bodies.SleepFor(1)));
        });
        _run.Log.Expect("3 2", "4 applied", "5 1");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_caller_of_apply_that_is_interrupted_takes_its_work_along()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => pool.ApplyAsync(() => Cleaner("running")));
            _run.At($"{inTime} {pool.Count}");
            _ = pool.Submit(() => Bodies.SleepFor(5));
            Coroutine caller = Coroutine.Spawn(() => pool.ApplyAsync(() => Cleaner("pending")));
            await Coroutine.Yield();
            Assert.Equal(1, pool.PendingCount);
            await caller.KillAsync();
            _run.At($"{caller.State} {pool.PendingCount}");
        });
        _run.Log.Expect("1 running cleans", "2 running clean", "2 False 0", "2 Killed 0");
    }

    [Fact]
    public void An_error_of_the_clean_up_is_more_than_the_interrupt_and_a_late_kill_is_delivered() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => Deadline.TryRunAsync(VirtualRun.Seconds(1), () => pool.ApplyAsync(async () =>
        {
            try
            {
                await Bodies.SleepForEver();
            }
            finally
            {
                await Bodies.FailAfter(1, "in clean-up");
            }
        })));
        Assert.Equal("in clean-up", error.Message);
        Coroutine caller = Coroutine.Spawn(() => pool.ApplyAsync(() => Give(1)));
        Bodies.ActAfter(1, () => caller.Kill());
        await caller.JoinAsync();
        Assert.Equal(CoroutineState.Killed, caller.State);
    });

    private static async Task<int> Give(int seconds)
    {
        await Bodies.SleepFor(seconds);
        return seconds;
    }

    private async Task Cleaner(string name)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            _run.At($"{name} cleans");
            await Bodies.SleepFor(1);
            _run.At($"{name} clean");
        }
    }
}
