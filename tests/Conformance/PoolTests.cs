using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Xunit;

namespace Conformance;

public class PoolTests
{
    private readonly Scenario _scene = new();
    private readonly CoroutinePool _pool = new(2, "the pool");

    [Fact]
    public void Submit_gives_a_handle_with_the_result() => _scene.Run(async () =>
    {
        PoolWork<int> work = _pool.Submit(async () =>
        {
            await Scenario.Sleep(1);
            return 42;
        });
        Assert.True(work.IsRunning);
        Assert.Equal(42, await work);
        Assert.Equal(42, work.Result);
        Assert.True(work.IsCompleted);
    });

    [Fact]
    public void Submitted_work_runs_at_most_so_many_at_once_in_the_order_in_which_it_came()
    {
        _scene.Run(async () =>
        {
            foreach (char name in "abcd")
                _ = _pool.Submit(Work($"{name}", 1));
            Assert.Equal((2, 2), (_pool.Count, _pool.PendingCount));
            await _pool.ShutdownAsync();
        });
        _scene.Log.Expect("1 a", "1 b", "2 c", "2 d");
    }

    [Fact]
    public void Pending_work_can_be_cancelled_and_never_runs() => _scene.Run(async () =>
    {
        Fill();
        PoolWork pending = _pool.Submit(Work("pending", 1));
        Assert.True(pending.Cancel());
        Assert.True(pending.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pending);
        await _pool.ShutdownAsync();
        Assert.DoesNotContain(_scene.Log.Events, what => what.Contains("pending", StringComparison.Ordinal));
    });

    [Fact]
    public void Running_work_can_not_be_cancelled() => _scene.Run(async () =>
    {
        PoolWork running = _pool.Submit(Work("running", 1));
        Assert.False(running.Cancel());
        await running;
        Assert.False(running.Cancel());
        _scene.Log.Expect("1 running");
    });

    [Fact]
    public void Its_done_callbacks_run_whatever_its_end()
    {
        _scene.Run(async () =>
        {
            Fill();
            PoolWork cancelled = _pool.Submit(Work("never", 1));
            PoolWork failing = _pool.Submit(() => Task.FromException(new FormatException()));
            cancelled.AddDoneCallback(work => _scene.Log.Add($"cancelled {work.IsCanceled}"));
            failing.AddDoneCallback(work => _scene.Log.Add($"failed {work.IsFaulted}"));
            cancelled.Cancel();
            await Assert.ThrowsAsync<FormatException>(async () => await failing);
        });
        Assert.Contains("cancelled True", _scene.Log.Events);
        Assert.Contains("failed True", _scene.Log.Events);
    }

    [Fact]
    public void An_error_of_work_is_its_own_and_the_pool_goes_on() => _scene.Run(async () =>
    {
        PoolWork<int> failing = _pool.Submit(() => Task.FromException<int>(new FormatException("its own")));
        Assert.Equal("its own", (await Assert.ThrowsAsync<FormatException>(async () => await failing)).Message);
        Assert.Equal(1, await _pool.Submit(() => Task.FromResult(1)));
    });

    [Fact]
    public void Map_keeps_the_order_of_its_inputs_and_runs_at_most_so_many()
    {
        int running = 0;
        _scene.Run(async () =>
        {
            await foreach (int result in _pool.Map([4, 1, 3, 2], async seconds =>
            {
                Assert.InRange(++running, 1, 2);
                await Scenario.Sleep(seconds);
                running--;
                return seconds;
            }))
                _scene.At($"{result}");
        });
        _scene.Log.Expect("4 4", "4 1", "4 3", "6 2");
    }

    [Fact]
    public void MapEach_yields_in_completion_order()
    {
        _scene.Run(async () =>
        {
            await foreach (int result in _pool.MapEach([4, 1, 2], async seconds =>
            {
                await Scenario.Sleep(seconds);
                return seconds;
            }))
                _scene.At($"{result}");
        });
        _scene.Log.Expect("1 1", "3 2", "4 4");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_error_comes_at_its_own_place_and_one_may_go_on_behind_it(bool isOrdered) => _scene.Run(async () =>
    {
        Func<int, Task<int>> body = item => item == 2 ? Task.FromException<int>(new FormatException()) : Task.FromResult(item);
        await using IAsyncEnumerator<int> each = (isOrdered ? _pool.Map([1, 2, 3], body) : _pool.MapEach([1, 2, 3], body)).GetAsyncEnumerator();
        Assert.True(await each.MoveNextAsync());
        Assert.Equal(1, each.Current);
        await Assert.ThrowsAsync<FormatException>(async () => await each.MoveNextAsync());
        Assert.True(await each.MoveNextAsync());
        Assert.Equal(3, each.Current);
        Assert.False(await each.MoveNextAsync());
    });

    [Fact]
    public void Map_reads_an_endless_source_no_further_than_its_window() => _scene.Run(async () =>
    {
        int read = 0;
        await foreach (int item in _pool.Map(Endless(), item => Task.FromResult(item), window: 3))
        {
            Assert.InRange(read, item + 1, item + 5);
            if (item == 50)
                break;
        }

        Assert.Equal((0, 0), (_pool.Count, _pool.PendingCount));

        IEnumerable<int> Endless()
        {
            while (true)
                yield return read++;
        }
    });

    [Fact]
    public void A_full_pool_makes_spawn_wait()
    {
        _scene.Run(async () =>
        {
            foreach (char name in "abc")
            {
                await _pool.SpawnAsync(Work($"{name}", 1));
                _scene.At($"spawned {name}");
            }

            await _pool.JoinAsync();
        });
        _scene.Log.Expect("0 spawned a", "0 spawned b", "1 a", "1 b", "1 spawned c", "2 c");
    }

    [Fact]
    public void A_try_to_spawn_does_not_wait() => _scene.Run(async () =>
    {
        Fill();
        Assert.Null(_pool.TrySpawn(Work("never", 1)));
        Assert.True(_pool.IsFull);
        await _pool.JoinAsync();
        Assert.NotNull(_pool.TrySpawn(Work("c", 1)));
    });

    [Fact]
    public void One_that_is_killed_while_it_waits_to_spawn_has_spawned_nothing() => _scene.Run(async () =>
    {
        Fill();
        Coroutine waiting = _scene.Go("waiting", async () => await _pool.SpawnAsync(Work("never", 1)));
        await Coroutine.Yield();
        Assert.Equal(1, _pool.PendingCount);
        waiting.Kill();
        Assert.True(await waiting.JoinAsync());
        Assert.Equal(0, _pool.PendingCount);
        await _pool.ShutdownAsync();
        _scene.Log.Expect("waiting killed", "1 x", "1 y");
    });

    [Fact]
    public void One_that_is_killed_after_its_place_was_granted_and_before_it_runs_passes_the_place_on() => _scene.Run(async () =>
    {
        AsyncManualResetEvent gate = new();
        CoroutinePool one = new(1);
        Coroutine occupant = await one.SpawnAsync(async () => await gate.WaitAsync());
        Coroutine first = _scene.Go("first", async () => await one.SpawnAsync(Work("never", 1)));
        Coroutine second = Coroutine.Spawn(async () => await one.SpawnAsync(Work("second", 1)));
        await Coroutine.Yield();
        gate.Set();
        // It ends, and the pool hears of it.
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.Equal((false, 1, CoroutineState.Ready), (occupant.IsAlive, one.PendingCount, first.State));
        first.Kill();
        await Coroutine.JoinAll(first, second);
        await one.JoinAsync();
        Assert.Equal(1, one.FreeCount);
        _scene.Log.Expect("first killed", "1 second");
    });

    [Fact]
    public void One_that_is_out_of_time_while_it_waits_to_spawn_has_spawned_nothing() => _scene.Run(async () =>
    {
        Fill();
        await _scene.Go("waiting", () => Deadline.RunAsync(Scenario.Seconds(0.5), async () => await _pool.SpawnAsync(Work("never", 1))));
        using CancellationTokenSource source = new();
        Coroutine other = _scene.Go("other", async () => await _pool.SpawnAsync(Work("never", 1), cancellationToken: source.Token));
        await Coroutine.Yield();
        source.Cancel();
        await other;
        await _pool.ShutdownAsync();
        _scene.Log.Expect("waiting out of time", "other cancelled", "1 x", "1 y");
    });

    [Fact]
    public void A_killed_member_makes_room_for_the_next() => _scene.Run(async () =>
    {
        Coroutine a = await _pool.SpawnAsync(Work("a", 10));
        Coroutine b = await _pool.SpawnAsync(Work("b", 10));
        PoolWork next = _pool.Submit(Work("next", 1));
        await Coroutine.Yield();
        a.Kill();
        await next;
        _scene.Log.Expect("1 next");
        b.Kill();
    });

    [Fact]
    public void Submit_after_a_shutdown_is_an_error_that_names_the_pool() => _scene.Run(async () =>
    {
        await _pool.ShutdownAsync();
        var error = Assert.Throws<InvalidOperationException>(() => _pool.Submit(Work("never", 1)));
        Assert.Contains("CoroutinePool 'the pool'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _pool.SpawnAsync(Work("never", 1)));
        Assert.Throws<InvalidOperationException>(() => _pool.TrySpawn(Work("never", 1)));
        Assert.Throws<InvalidOperationException>(() => _pool.Map([1], item => Task.FromResult(item)));
    });

    [Fact]
    public void A_shutdown_that_waits_waits_for_all_the_pending_too()
    {
        _scene.Run(async () =>
        {
            Fill();
            _ = _pool.Submit(Work("pending", 1));
            await _pool.ShutdownAsync();
            _scene.At("shut down");
        });
        _scene.Log.Expect("1 x", "1 y", "2 pending", "2 shut down");
    }

    [Fact]
    public void A_shutdown_that_does_not_wait_returns_at_once_and_the_work_goes_on()
    {
        _scene.Run(async () =>
        {
            Fill();
            await _pool.ShutdownAsync(wait: false);
            _scene.At("shut down");
        });
        _scene.Log.Expect("0 shut down", "1 x", "1 y");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_pool_without_places_is_an_error_at_once(int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CoroutinePool(size));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockingPool(size));
    }

    [Fact]
    public void Blocking_work_runs_on_a_worker_thread_while_the_loop_goes_on() => _scene.Run(async () =>
    {
        using BlockingPool pool = new(1);
        using ManualResetEventSlim gate = new();
        int loop = Environment.CurrentManagedThreadId;
        _ = Coroutine.Spawn(() =>
        {
            gate.Set();
            return Task.CompletedTask;
        });
        int worker = await pool.RunAsync(() =>
        {
            gate.Wait();
            return Environment.CurrentManagedThreadId;
        });
        Assert.NotEqual(loop, worker);
        Assert.Equal(loop, Environment.CurrentManagedThreadId);
    });

    [Fact]
    public void Killing_the_waiter_leaves_the_work_to_finish_and_its_result_unseen()
    {
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim gate = new();
        bool hasFinished = false;
        _scene.Run(async () =>
        {
            await using BlockingPool pool = new(1);
            Coroutine waiter = _scene.Go("waiter", () => pool.RunAsync(() =>
            {
                begun.Set();
                gate.Wait();
                return hasFinished = true;
            }));
            await Coroutine.Yield();
            begun.Wait();
            waiter.Kill();
            await waiter.JoinAsync();
            Assert.False(hasFinished);
            gate.Set();
        });
        Assert.True(hasFinished);
        _scene.Log.Expect("waiter killed");
    }

    private void Fill()
    {
        Assert.NotNull(_pool.TrySpawn(Work("x", 1)));
        Assert.NotNull(_pool.TrySpawn(Work("y", 1)));
    }

    private Func<Task> Work(string name, double seconds) => async () =>
    {
        await Scenario.Sleep(seconds);
        _scene.At(name);
    };
}
