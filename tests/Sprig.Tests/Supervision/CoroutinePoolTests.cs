using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>CoroutinePool: spawning, joining, shutting down, killing.</summary>
public class CoroutinePoolTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_full_pool_makes_a_spawn_wait_and_places_go_to_the_first_in_the_line()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2, "pool");
            for (int i = 1; i <= 2; i++)
                await pool.SpawnAsync(Sleeper(i, i));
            _run.At($"{pool.Count} {pool.IsFull} {pool.Coroutines.Count}");
            Coroutine[] spawners = [.. Enumerable.Range(3, 3).Select(i => Coroutine.Spawn(async () =>
            {
                Coroutine child = await pool.SpawnAsync(Sleeper(i, 2));
                _run.At($"{i} has its place {pool.Count}");
            }))];
            await Coroutine.Yield();
            Assert.Equal("CompletionSource 'a place in CoroutinePool 'pool''", spawners[0].BlockedOn);
            _run.At($"{pool.PendingCount}");
            Assert.True(await pool.JoinAsync());
            _run.At($"{pool.Count} {pool.IsFull}");
        });
        _run.Log.Expect("0 2 True 2", "0 3", "1 1 ended", "1 3 has its place 2", "2 2 ended", "2 4 has its place 2", "3 3 ended", "3 5 has its place 2", "4 4 ended", "5 5 ended", "5 0 False");
    }

    [Fact]
    public void All_forms_of_bodies_are_spawned() => _run.Run(async () =>
    {
        CoroutinePool pool = new(9);
        Coroutine<int> task = await pool.SpawnAsync(() => Task.FromResult(1));
        Coroutine<int> valueTask = await pool.SpawnAsync(() => new ValueTask<int>(2));
        Coroutine plain = await pool.SpawnAsync(() => new ValueTask(Bodies.SleepFor(1)));
        Coroutine<int>? tried = pool.TrySpawn(() => Task.FromResult(3));
        Assert.Contains(nameof(CoroutinePoolTests), valueTask.SpawnedAt, StringComparison.Ordinal);
        Assert.Equal(6, await task + await valueTask + await tried!);
        await plain;
        Assert.Equal(0, pool.Count);
    });

    [Fact]
    public void A_try_spawns_only_where_there_is_a_place() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        Coroutine? first = pool.TrySpawn(() => Bodies.SleepFor(1));
        Assert.Null(pool.TrySpawn(() => Bodies.SleepFor(1)));
        await first!;
        Assert.NotNull(pool.TrySpawn(() => Bodies.SleepFor(1)));
        Assert.True(await pool.JoinAsync());
    });

    [Fact]
    public void A_newcomer_does_not_overtake_those_in_the_line()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            Coroutine first = await pool.SpawnAsync(Sleeper(1, 1));
            _ = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(2, 1)));
            PoolWork third = pool.Submit(Sleeper(3, 1));
            first.AddDoneCallback(_ => _run.At($"tried {pool.TrySpawn(Sleeper(4, 1)) is null}"));
            await Coroutine.Yield();
            _ = pool.Submit(Sleeper(5, 1));
            await third;
            await pool.JoinAsync();
        });
        _run.Log.Expect("1 1 ended", "1 tried True", "2 3 ended", "3 2 ended", "4 5 ended");
    }

    [Fact]
    public void A_spawner_that_is_out_of_time_or_killed_or_cancelled_leaves_the_line_and_has_spawned_nothing()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            await pool.SpawnAsync(Sleeper(1, 3));
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await pool.SpawnAsync(Sleeper(2, 1))));
            Coroutine killed = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(3, 1)));
            using CancellationTokenSource cancellation = new();
            Coroutine cancelled = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(4, 1), cancellationToken: cancellation.Token));
            await Coroutine.Yield();
            Assert.Equal(2, pool.PendingCount);
            await killed.KillAsync();
            await cancellation.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await cancelled);
            Assert.Equal(0, pool.PendingCount);
            await pool.SpawnAsync(Sleeper(5, 1));
            await pool.JoinAsync();
        });
        _run.Log.Expect("3 1 ended", "4 5 ended");
    }

    [Fact]
    public void A_spawner_whose_kill_is_due_spawns_nothing_though_there_is_a_place() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        foreach (Func<Task> spawn in (Func<Task>[])[async () => await pool.SpawnAsync(Bodies.SleepForEver), () => pool.ApplyAsync(Sleeper(1, 0))])
        {
            Coroutine spawner = Coroutine.Spawn(() =>
            {
                Coroutine.Current.Kill();
                return spawn();
            });
            await spawner.JoinAsync();
            Assert.Equal(CoroutineState.Killed, spawner.State);
            Assert.True(await pool.JoinAsync());
        }

        _run.Log.Expect();
    });

    [Fact]
    public void A_spawner_killed_when_it_has_its_place_and_before_it_runs_passes_the_place_on()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            Coroutine first = await pool.SpawnAsync(Sleeper(1, 1));
            Coroutine killed = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(2, 1)));
            Coroutine next = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(3, 1)));
            first.AddDoneCallback(_ => killed.Kill());
            await next;
            _run.At($"{killed.State} {pool.Count}");
            await pool.JoinAsync();
            Assert.False(pool.IsFull);
        });
        _run.Log.Expect("1 1 ended", "1 Killed 1", "2 3 ended");
    }

    [Fact]
    public void A_join_with_a_timeout_or_errors()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            await pool.SpawnAsync(Sleeper(1, 2));
            PoolWork pending = pool.Submit(() => Bodies.FailAfter(1, "broken"));
            _run.At($"{await pool.JoinAsync(VirtualRun.Seconds(1))}");
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => pool.JoinAsync(raiseError: true));
            _run.At($"{error.Message} {pending.IsFaulted}");
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () =>
            {
                await pool.SpawnAsync(Bodies.SleepForEver);
                await pool.JoinAsync();
            }));
            await pool.KillAsync();
        });
        _run.Log.Expect("1 False", "2 1 ended", "3 broken True");
        _run.Reports.Expect();
    }

    [Fact]
    public void Shut_down_it_takes_nothing_new_and_ends_what_it_has()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1, "pool");
            await pool.SpawnAsync(Sleeper(1, 1));
            PoolWork pending = pool.Submit(Sleeper(2, 1));
            Coroutine spawner = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(3, 1)));
            await Coroutine.Yield();
            await pool.ShutdownAsync(wait: false);
            _run.At($"{pool.IsShutdown}");
            foreach (Func<Task> late in (Func<Task>[])
            [
                async () => await pool.SpawnAsync(Bodies.SleepForEver),
                async () => _ = pool.TrySpawn(Bodies.SleepForEver),
                async () => _ = pool.Submit(Bodies.SleepForEver),
                () => pool.ApplyAsync(Bodies.SleepForEver),
                async () => pool.Map([1], Task.FromResult),
                async () => pool.MapEach([1], Task.FromResult),
            ])
                Assert.Contains("CoroutinePool 'pool' was shut down", (await Assert.ThrowsAsync<InvalidOperationException>(late)).Message, StringComparison.Ordinal);
            await pool.ShutdownAsync();
            _run.At($"{pool.Count} {pending.IsCompleted} {spawner.State}");
        });
        _run.Log.Expect("0 True", "1 1 ended", "2 2 ended", "3 3 ended", "3 0 True Completed");
    }

    [Fact]
    public void Shut_down_with_its_pending_ones_cancelled_it_ends_those_that_run()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            await pool.SpawnAsync(Sleeper(1, 1));
            PoolWork pending = pool.Submit(Sleeper(2, 1));
            Coroutine spawner = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(3, 1)));
            await Coroutine.Yield();
            await pool.ShutdownAsync(cancelPending: true);
            _run.At($"{pool.Count} {pool.PendingCount} {pending.IsCanceled}");
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await spawner);
            Assert.Contains("shut down before there was a place", error.Message, StringComparison.Ordinal);
        });
        _run.Log.Expect("1 1 ended", "1 0 0 True");
    }

    [Fact]
    public void A_shutdown_whose_wait_is_cut_stays_a_shutdown() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        await pool.SpawnAsync(Sleeper(1, 5));
        Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => pool.ShutdownAsync()));
        Coroutine killed = Coroutine.Spawn(() => pool.ShutdownAsync());
        await Coroutine.Yield();
        await killed.KillAsync();
        Assert.Equal(CoroutineState.Killed, killed.State);
        Assert.True(pool is { IsShutdown: true, Count: 1 });
        await using (pool)
            await Coroutine.Yield();
        Assert.Equal(0, pool.Count);
    });

    [Fact]
    public void A_kill_ends_what_runs_cancels_what_is_pending_and_leaves_the_pool_usable()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            Coroutine first = await pool.SpawnAsync(Sleeper(1, 9));
            PoolWork running = pool.Submit(Sleeper(2, 9));
            PoolWork pending = pool.Submit(Sleeper(3, 9));
            Coroutine<Coroutine> spawner = Coroutine.Spawn(async () => await pool.SpawnAsync(Sleeper(4, 9)));
            await Coroutine.Yield();
            Assert.True(await pool.KillAsync());
            _run.At($"{pool.Count} {pool.PendingCount} {first.State} {running.IsCanceled} {pending.IsCanceled} {pending.Coroutine is null}");
            _run.At($"{(await spawner).State}");
            await pool.SpawnAsync(Sleeper(5, 1));
            Assert.True(await pool.JoinAsync());
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pool.KillAsync(VirtualRun.Seconds(-1)));
        });
        _run.Log.Expect("0 0 0 Killed True True True", "0 Killed", "1 5 ended");
    }

    [Fact]
    public void A_member_can_not_wait_for_its_own_end() => _run.Run(async () =>
    {
        CoroutinePool pool = new(2);
        foreach (Func<Task> wait in (Func<Task>[])[() => pool.JoinAsync(), () => pool.ShutdownAsync(), () => pool.DisposeAsync().AsTask()])
        {
            Coroutine member = await pool.SpawnAsync(wait);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await member);
        }

        Assert.False(pool.IsShutdown);
    });

    [Fact]
    public void A_pool_that_waits_for_itself_is_a_deadlock()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _run.Run(async () =>
        {
            CoroutinePool pool = new(1, "pool");
            Coroutine outer = await pool.SpawnAsync(async () =>
            {
                Coroutine inner = await pool.SpawnAsync(Bodies.SleepForEver);
                await inner;
            }, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await outer;
        }));
        Assert.Contains("a place in CoroutinePool 'pool'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_and_other_schedulers_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CoroutinePool(0));
        CoroutinePool pool = new(1, "pool");
        Assert.Throws<InvalidOperationException>(() => pool.Submit(Bodies.SleepForEver));
        _run.Run(async () =>
        {
            await Assert.ThrowsAsync<ArgumentNullException>(async () => await pool.SpawnAsync((Func<Task>)null!));
            Assert.Throws<ArgumentNullException>(() => pool.TrySpawn((Func<Task>)null!));
            Assert.Throws<ArgumentNullException>(() => pool.Submit((Func<Task>)null!));
            await Assert.ThrowsAsync<ArgumentNullException>(() => pool.ApplyAsync((Func<Task>)null!));
            Assert.Throws<ArgumentNullException>(() => pool.Map((IEnumerable<int>)null!, Task.FromResult));
            Assert.Throws<ArgumentNullException>(() => pool.Map<int, int>([1], null!));
            Assert.Throws<ArgumentOutOfRangeException>(() => pool.Map([1], Task.FromResult, window: 0));
            await pool.SpawnAsync(Sleeper(1, 1));
            Exception? error = null;
            Thread thread = new(() => new VirtualRun().Run(async () => error = await Record.ExceptionAsync(async () => await pool.SpawnAsync(Bodies.SleepForEver))));
            thread.Start();
            thread.Join();
            Assert.Contains("belongs to the scheduler of another thread", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
            await pool.JoinAsync();
        });
    }

    [Fact]
    public void In_a_later_run_it_serves_again()
    {
        CoroutinePool pool = new(1);
        foreach (VirtualRun run in (VirtualRun[])[_run, new VirtualRun()])
        {
            run.Run(async () =>
            {
                await pool.SpawnAsync(Bodies.SleepForEver, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                _ = pool.Submit(Bodies.SleepForEver, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
                await Coroutine.Yield();
                Assert.True(pool is { Count: 1, PendingCount: 1 });
            });
            Assert.True(pool is { Count: 0, PendingCount: 0, IsFull: false });
        }
    }

    private Func<Task> Sleeper(int number, double seconds) => async () =>
    {
        await Bodies.SleepFor(seconds);
        _run.At($"{number} ended");
    };
}
