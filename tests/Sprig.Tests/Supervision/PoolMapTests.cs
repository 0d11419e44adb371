using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>CoroutinePool.Map and MapEach.</summary>
public class PoolMapTests
{
    private readonly VirtualRun _run = new();
    private int _running;
    private int _most;

    [Fact]
    public void Map_gives_results_in_the_order_of_the_items_and_runs_at_most_as_many_as_there_are_places()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            await foreach (string result in pool.Map([3, 1, 2, 1], Give))
                _run.At(result);
            _run.At($"{_most} {pool.Count}");
            await foreach (string none in pool.Map(Array.Empty<int>(), Give))
                _run.At(none);
        });
        _run.Log.Expect("3 3", "3 1", "3 2", "4 1", "4 2 0");
    }

    [Fact]
    public void MapEach_gives_them_as_they_come()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            await foreach (string result in pool.MapEach([4, 1, 2], Give))
                _run.At(result);
            _run.At($"{_most}");
        });
        _run.Log.Expect("1 1", "3 2", "4 4", "4 2");
    }

    [Fact]
    public void An_error_comes_in_its_own_place_and_the_enumeration_goes_on_behind_it()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            foreach (IAsyncEnumerable<string> map in (IAsyncEnumerable<string>[])[pool.Map([2, -1, 1], Give), pool.MapEach([2, -1, 1], Give)])
            {
                await using IAsyncEnumerator<string> results = map.GetAsyncEnumerator();
                while (true)
                {
                    try
                    {
                        if (!await results.MoveNextAsync())
                            break;
                        _run.At(results.Current);
                    }
                    catch (InvalidOperationException e)
                    {
                        _run.At(e.Message);
                    }
                }

                Assert.False(await results.MoveNextAsync());
            }
        });
        _run.Log.Expect("2 2", "2 broken -1", "2 1", "3 broken -1", "4 2", "4 1");
        _run.Reports.Expect();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_endless_source_is_read_as_far_as_the_window_and_left_early(bool ordered)
    {
        int read = 0;
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            IAsyncEnumerable<string> map = ordered ? pool.Map(Endless(), Give, window: 3) : pool.MapEach(Endless(), Give, window: 3);
            int count = 0;
            await foreach (string result in map)
            {
                await Bodies.SleepFor(10);
                _run.At($"{result} {read} {pool.Count}");
                if (++count == 2)
                    break;
            }

            _run.At($"left {read} {pool.Count} {pool.PendingCount}");
            Assert.Equal("1", await pool.ApplyAsync(() => Give(1)));
        });
        // One item is with the reader, three are on their way.
        _run.Log.Expect("11 1 4 0", "21 1 5 0", "21 left 5 0 0");
        _run.Reports.Expect();

        IEnumerable<int> Endless()
        {
            while (true)
            {
                read++;
                yield return 1;
            }
        }
    }

    [Fact]
    public void By_default_the_window_is_twice_the_pool()
    {
        int read = 0;
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            await using IAsyncEnumerator<string> results = pool.Map(Enumerable.Range(1, 99).Select(_ => ++read), Give).GetAsyncEnumerator();
            Assert.Equal(0, read);
            Assert.True(await results.MoveNextAsync());
            await Bodies.SleepFor(50);
            _run.At($"{read}");
        });
        _run.Log.Expect("51 5");
    }

    [Fact]
    public void Left_early_it_kills_what_runs_awaits_its_clean_up_and_cancels_what_is_pending()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            await foreach (string result in pool.MapEach([1, 9, 9, 9], async seconds =>
            {
                try
                {
                    return await Give(seconds);
                }
                catch (CoroutineKilledException)
                {
                    await Bodies.SleepFor(1);
                    _run.At("clean");
                    throw;
                }
            }))
            {
                _run.At($"{result} {pool.Count} {pool.PendingCount}");
                break;
            }

            _run.At($"{pool.Count} {pool.PendingCount}");
        });
        _run.Log.Expect("1 1 2 1", "2 clean", "2 clean", "2 0 0");
    }

    [Fact]
    public void A_reader_that_is_killed_takes_everything_along()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            Coroutine reader = Coroutine.Spawn(async () =>
            {
                await foreach (string result in pool.Map([1, 9, 9, 9], Give))
                    _run.At(result);
            });
            await Bodies.SleepFor(2);
            await reader.KillAsync();
            _run.At($"{reader.State} {pool.Count} {pool.PendingCount} {CoroutineScheduler.Current.ActiveCount}");
        });
        _run.Log.Expect("1 1", "2 Killed 0 0 1");
    }

    [Fact]
    public void A_deadline_of_the_reader_loses_no_result()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            await using IAsyncEnumerator<string> results = pool.Map([3, 1], Give).GetAsyncEnumerator();
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await results.MoveNextAsync()));
            Assert.False(await Deadline.TryRunAsync(TimeSpan.Zero, async () => await results.MoveNextAsync()));
            while (await results.MoveNextAsync())
                _run.At(results.Current);
        });
        _run.Log.Expect("3 3", "3 1");
    }

    [Fact]
    public void A_reader_interrupted_when_the_result_is_there_and_before_it_runs_gets_it_the_next_time()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            await using IAsyncEnumerator<string> results = pool.Map([1, 2], Give).GetAsyncEnumerator();
            using (Deadline deadline = Deadline.After(Timeout.InfiniteTimeSpan))
            {
                // Its timer is set behind that of the first item: it acts when that has ended and the reader was woken.
                Bodies.ActAfter(1, deadline.Expire);
                await Assert.ThrowsAsync<DeadlineExceededException>(async () => await results.MoveNextAsync());
                _run.At($"{pool.Count}");
            }

            while (await results.MoveNextAsync())
                _run.At(results.Current);
        });
        _run.Log.Expect("1 1", "1 1", "2 2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_error_of_the_source_comes_behind_the_last_result(bool ordered)
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            IAsyncEnumerable<string> map = ordered ? pool.Map(Broken(), Give) : pool.MapEach(Broken(), Give);
            await using IAsyncEnumerator<string> results = map.GetAsyncEnumerator();
            Assert.True(await results.MoveNextAsync());
            Assert.True(await results.MoveNextAsync());
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await results.MoveNextAsync());
            _run.At(error.Message);
            Assert.False(await results.MoveNextAsync());
        });
        _run.Log.Expect("2 source");
        _run.Reports.Expect();

        static IEnumerable<int> Broken()
        {
            yield return 1;
            yield return 2;
            throw new InvalidOperationException("source");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_source_that_waits_holds_no_result_back(bool ordered)
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(2);
            AsyncQueue<int> jobs = new();
            _ = Coroutine.Spawn(async () =>
            {
                foreach (int job in (int[])[1, 2])
                {
                    await jobs.PutAsync(job);
                    await Bodies.SleepFor(5);
                }

                jobs.Shutdown();
            });
            await foreach (string result in ordered ? pool.Map(jobs, Give) : pool.MapEach(jobs, Give))
                _run.At(result);
            _run.At("end");
        });
        _run.Log.Expect("1 1", "7 2", "10 end");
    }

    [Fact]
    public void A_token_ends_the_enumeration() => _run.Run(async () =>
    {
        CoroutinePool pool = new(2);
        using CancellationTokenSource cancellation = new();
        // Not CancelAsync: that goes by a thread of the pool, for which virtual time does not wait long.
        _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () =>
        {
            cancellation.Cancel();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string result in pool.Map([5, 5, 5], Give).WithCancellation(cancellation.Token))
                _run.At(result);
        });
        Assert.True(pool is { Count: 0, PendingCount: 0 });
    });

    [Fact]
    public void A_pool_shut_down_meanwhile_ends_the_map_with_that_error_behind_what_was_submitted() => _run.Run(async () =>
    {
        CoroutinePool pool = new(1);
        await using IAsyncEnumerator<string> results = pool.Map([1, 1, 1, 1], Give, window: 1).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        await pool.ShutdownAsync(wait: false);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            while (await results.MoveNextAsync())
                _run.At(results.Current);
        });
        Assert.Contains("was shut down", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Killed_work_is_an_error_in_its_place_and_a_killed_reader_of_the_source_one_behind_all() => _run.Run(async () =>
    {
        CoroutinePool pool = new(2);
        await using IAsyncEnumerator<string> results = pool.Map([5, 1], Give).GetAsyncEnumerator();
        _ = Coroutine.SpawnAfter(VirtualRun.Seconds(2), () =>
        {
            pool.Coroutines[0].Kill();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<CoroutineKilledException>(async () => await results.MoveNextAsync());
        Assert.True(await results.MoveNextAsync());
        Assert.False(await results.MoveNextAsync());
        await using IAsyncEnumerator<string> others = pool.Map([1], Give).GetAsyncEnumerator();
        ValueTask<bool> first = others.MoveNextAsync();
        CoroutineScheduler.Current.Coroutines.Single(one => one.Name.StartsWith("the reader of", StringComparison.Ordinal)).Kill();
        await Assert.ThrowsAsync<CoroutineKilledException>(async () => await first);
    });

    [Fact]
    public void Two_maps_share_the_places_fairly()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            Coroutine[] readers = [Reader("a"), Reader("b")];
            await Coroutine.JoinAll(readers);

            Coroutine Reader(string name) => Coroutine.Spawn(async () =>
            {
                await foreach (string result in pool.Map([1, 1], Give, window: 1))
                    _run.At($"{name}{result}");
            });
        });
        _run.Log.Expect("1 a1", "2 b1", "3 a1", "4 b1");
    }

    [Fact]
    public void An_enumerator_that_is_never_disposed_holds_no_run_up_and_a_second_dispose_does_nothing()
    {
        _run.Run(async () =>
        {
            CoroutinePool pool = new(1);
            IAsyncEnumerator<string> forgotten = pool.Map(Enumerable.Repeat(1, 99), Give).GetAsyncEnumerator();
            Assert.True(await forgotten.MoveNextAsync());
            IAsyncEnumerator<string> disposed = pool.Map([1], Give).GetAsyncEnumerator();
            await disposed.DisposeAsync();
            Assert.False(await disposed.MoveNextAsync());
            await disposed.DisposeAsync();
        });
        _run.Reports.Expect();
    }

    private async Task<string> Give(int seconds)
    {
        _most = Math.Max(_most, ++_running);
        try
        {
            await Bodies.SleepFor(Math.Abs(seconds));
            return seconds > 0 ? $"{seconds}" : throw new InvalidOperationException($"broken {seconds}");
        }
        finally
        {
            _running--;
        }
    }
}
