using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class DeadlockTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncLock _one = new("one");
    private readonly AsyncReentrantLock _two = new("two");
    private readonly AsyncReaderWriterLock _three = new("three");

    [Fact]
    public void When_nothing_can_ever_come_main_gets_the_wait_graph_who_waits_on_what_held_by_whom_spawned_where()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _scene.Run(async () =>
        {
            _ = Coroutine.Spawn(async () => await new AsyncQueue<int>(name: "q").GetAsync(), new SpawnOptions { Name = "getter" });
            using (await _one.AcquireAsync())
            {
                _ = Coroutine.Spawn(UseOne, new SpawnOptions { Name = "second" });
                await new AsyncSemaphore(0, name: "s").AcquireAsync();
            }
        }));
        Assert.Equal(
            [("main", "AsyncSemaphore 's'", null), ("getter", "an item of AsyncQueue 'q'", null), ("second", "AsyncLock 'one'", "'main'")],
            error.Waits.Select(wait => (wait.Coroutine, wait.WaitsFor, wait.HeldBy)));
        Assert.Matches(@"'second' waits for AsyncLock 'one', held by 'main' \(spawned at .*DeadlockTests\.cs:\d+\)", error.Message);
    }

    [Fact]
    public void A_cycle_of_two_owned_locks_is_reported_as_it_closes_though_other_coroutines_run()
    {
        _scene.Run(async () =>
        {
            Coroutine busy = Coroutine.Spawn(async () => await Scenario.Sleep(100));
            await Coroutine.JoinAll(Diner("a", TakeOne, TakeTwo), Diner("b", TakeTwo, TakeOne));
            Assert.True(busy.IsAlive);
        });
        // b closes it, lets go of its first, and a goes on.
        _scene.Log.Expect("b DeadlockException", "a eats");
        _scene.Reports.Expect("circle of b, a");
        Assert.Contains("'b' waits for AsyncLock 'one', held by 'a'", _scene.Errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("'a' waits for AsyncReentrantLock 'two', held by 'b'", _scene.Errors.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"DeadlockTests\.cs:\d+", _scene.Errors.ToString());
    }

    [Fact]
    public void A_cycle_of_three_is_reported_with_all_three()
    {
        _scene.Run(() => Coroutine.JoinAll(Diner("a", TakeOne, TakeTwo), Diner("b", TakeTwo, WriteThree), Diner("c", WriteThree, TakeOne)));
        _scene.Reports.Expect("circle of c, a, b");
        Assert.Contains("c DeadlockException", _scene.Log.Events);
        Assert.Contains("a eats", _scene.Log.Events);
        Assert.Contains("b eats", _scene.Log.Events);
    }

    [Fact]
    public void Locks_that_are_taken_in_one_order_everywhere_make_no_cycle()
    {
        _scene.Run(() => Coroutine.JoinAll(Diner("a", TakeOne, TakeTwo), Diner("b", TakeOne, TakeTwo), Diner("c", TakeOne, TakeTwo)));
        _scene.Reports.Expect();
        _scene.Log.Expect("a eats", "b eats", "c eats");
    }

    [Fact]
    public void A_holder_that_joins_one_that_wants_its_lock_is_a_cycle()
    {
        _scene.Run(async () =>
        {
            Coroutine? b = null;
            Coroutine a = _scene.Go("a", async () =>
            {
                using (await _one.AcquireAsync())
                    await b!.JoinAsync();
            });
            b = _scene.Go("b", UseOne);
            await Coroutine.JoinAll(a, b);
        });
        _scene.Reports.Expect("circle of b, a");
        _scene.Log.Expect("b DeadlockException", "a");
    }

    [Fact]
    public void One_that_is_waited_for_at_a_lock_and_joins_its_holder_is_a_cycle_told_to_the_joiner()
    {
        _scene.Run(async () =>
        {
            Coroutine? a = null;
            Coroutine b = _scene.Go("b", async () =>
            {
                using (await _one.AcquireAsync())
                {
                    await Scenario.Sleep(1);
                    await a!;
                }
            });
            a = _scene.Go("a", UseOne);
            await Coroutine.JoinAll(a, b);
        });
        _scene.Log.Expect("b DeadlockException", "a");
    }

    [Fact]
    public void A_holder_that_joins_all_of_some_of_which_one_wants_its_lock_is_a_cycle()
    {
        _scene.Run(async () =>
        {
            Coroutine busy = Coroutine.Spawn(async () => await Scenario.Sleep(100));
            Coroutine? late = null;
            Coroutine a = _scene.Go("a", async () =>
            {
                using (await _one.AcquireAsync())
                    await Coroutine.JoinAll(busy, late!);
            });
            late = _scene.Go("late", UseOne);
            await late;
            Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
            await a;
        });
        _scene.Reports.Expect("circle of late, a");
        _scene.Log.Expect("late DeadlockException", "a");
    }

    [Fact]
    public void A_holder_that_joins_all_of_some_of_which_one_waits_for_its_lock_already_is_a_cycle_though_another_goes_on()
    {
        _scene.Run(async () =>
        {
            Coroutine busy = Coroutine.Spawn(async () => await Scenario.Sleep(100));
            await _one.AcquireAsync();
            Coroutine waiting = _scene.Go("waiting", UseOne);
            await Coroutine.Yield();
            await Assert.ThrowsAsync<DeadlockException>(() => Coroutine.JoinAll(busy, waiting));
            await Assert.ThrowsAsync<DeadlockException>(() => Coroutine.WaitAll([busy, waiting]));
            Assert.Same(busy, await Coroutine.WaitAny([busy, waiting]));
            _one.Release();
            await waiting;
        });
        _scene.Log.Expect("waiting");
    }

    [Fact]
    public void A_cycle_that_is_closed_by_one_that_holds_nothing_but_is_joined_is_found_too()
    {
        _scene.Run(async () =>
        {
            Coroutine? waiting = null;
            Coroutine joined = _scene.Go("joined", async () =>
            {
                await Scenario.Sleep(1);
                await waiting!.JoinAsync();
            });
            Coroutine holder = _scene.Go("holder", async () =>
            {
                using (await _one.AcquireAsync())
                    await joined.JoinAsync();
            });
            waiting = _scene.Go("waiting", UseOne);
            await Scenario.Sleep(100);
            await Coroutine.JoinAll(joined, holder, waiting);
        });
        _scene.Reports.Expect("circle of joined, waiting, holder");
        _scene.Log.Expect("joined DeadlockException", "holder", "waiting");
    }

    [Fact]
    public void A_cycle_of_joins_alone_is_told_to_main_when_nothing_else_goes_on()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _scene.Run(async () =>
        {
            Coroutine? b = null;
            Coroutine a = Coroutine.Spawn(async () => await b!.JoinAsync(), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            b = Coroutine.Spawn(async () => await a.JoinAsync(), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await Scenario.Sleep(5);
            await a;
        }));
        Assert.Equal(3, error.Waits.Count);
        Assert.Equal(Scenario.Seconds(5), _scene.Clock.Elapsed);
    }

    [Fact]
    public void One_that_wants_its_lock_back_for_a_condition_closes_a_cycle_though_a_deadline_is_around_it()
    {
        AsyncCondition condition = new(_one);
        _scene.Run(async () =>
        {
            Coroutine a = _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1000), async () =>
            {
                using (await _two.AcquireAsync())
                using (await _one.AcquireAsync())
                    await condition.WaitAsync();
            }));
            await Coroutine.Yield();
            Coroutine b = _scene.Go("b", async () =>
            {
                using (await _one.AcquireAsync())
                {
                    condition.Notify();
                    using (await _two.AcquireAsync())
                    {
                    }
                }
            });
            await Coroutine.JoinAll(a, b);
        });
        _scene.Reports.Expect("circle of a, b");
        _scene.Log.Expect("a DeadlockException", "b");
        Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
    }

    [Fact]
    public void A_cycle_with_a_timeout_in_it_opens_by_itself_and_is_not_reported()
    {
        _scene.Run(() => Coroutine.JoinAll(
            Diner("a", TakeOne, async () => await _two.TryAcquireAsync(Scenario.Seconds(1)) ? new Releaser(_two.Release) : throw new TimeoutException()),
            Diner("b", TakeTwo, TakeOne)));
        _scene.Reports.Expect();
        _scene.Log.Expect("a TimeoutException", "b eats");
    }

    [Fact]
    public void A_cycle_with_a_deadline_or_a_token_in_it_is_not_reported_either()
    {
        using CancellationTokenSource source = new();
        _scene.Run(async () =>
        {
            await Coroutine.JoinAll(
                Diner("a", TakeOne, async () =>
                {
                    await Deadline.RunAsync(Scenario.Seconds(1), async () => await _two.AcquireAsync());
                    return new Releaser(_two.Release);
                }),
                Diner("b", TakeTwo, TakeOne));
            Coroutine c = Diner("c", TakeOne, async () => await _two.AcquireAsync(source.Token));
            Coroutine d = Diner("d", TakeTwo, TakeOne);
            await Scenario.Sleep(2);
            source.Cancel();
            await Coroutine.JoinAll(c, d);
        });
        _scene.Reports.Expect();
        _scene.Log.Expect("a out of time", "b eats", "c cancelled", "d eats");
    }

    [Fact]
    public void Two_readers_that_both_want_to_write_are_told_at_once()
    {
        _scene.Run(() => Coroutine.JoinAll(Diner("a", ReadThree, WriteThree), Diner("b", ReadThree, WriteThree)));
        _scene.Log.Expect("a DeadlockException", "b DeadlockException");
        Assert.Equal(0, _three.ReaderCount);
    }

    [Fact]
    public void A_cycle_through_one_of_many_readers_is_found()
    {
        _scene.Run(() => Coroutine.JoinAll(Diner("r", ReadThree, TakeTwo), Diner("other", ReadThree, () => Task.FromResult<IDisposable>(new Releaser(() => { }))),
            Diner("w", TakeTwo, WriteThree)));
        Assert.Contains("w DeadlockException", _scene.Log.Events);
        _scene.Reports.Expect("circle of w, r");
    }

    [Fact]
    public void One_that_is_woken_already_is_no_part_of_a_cycle()
    {
        _scene.Run(async () =>
        {
            // a waits for two, which main hands to it; then it is on its way, though it has not run.
            await _two.AcquireAsync();
            Coroutine a = Diner("a", TakeOne, TakeTwo);
            await Scenario.Sleep(2);
            _two.Release();
            using (await _one.AcquireAsync())
                _scene.Log.Add("main eats");
            await a;
        });
        _scene.Reports.Expect();
        _scene.Log.Expect("a eats", "main eats");
    }

    [Fact]
    public void Permits_have_no_owner_so_a_cycle_of_semaphores_is_told_only_when_nothing_else_runs()
    {
        AsyncSemaphore x = new(1, name: "x"), y = new(1, name: "y");
        DeadlockException error = Assert.Throws<DeadlockException>(() => _scene.Run(() => Coroutine.JoinAll(
            Coroutine.Spawn(() => HoldBothAsync(x, y)),
            Coroutine.Spawn(() => HoldBothAsync(y, x)),
            Coroutine.Spawn(async () => await Scenario.Sleep(10)))));
        Assert.Equal(Scenario.Seconds(10), _scene.Clock.Elapsed);
        Assert.Equal(3, error.Waits.Count);

        static async Task HoldBothAsync(AsyncSemaphore first, AsyncSemaphore second)
        {
            using (await first.AcquireAsync())
            {
                await Scenario.Sleep(1);
                using (await second.AcquireAsync())
                {
                }
            }
        }
    }

    [Fact]
    public void A_post_that_is_expected_keeps_it_from_being_a_deadlock() => _scene.Run(async () =>
    {
        AsyncAutoResetEvent signal = new();
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        using IDisposable expectation = scheduler.ExpectPosts();
        Thread thread = new(() => scheduler.Post(signal.Set));
        thread.Start();
        await signal.WaitAsync();
        thread.Join();
    });

    [Fact]
    public void The_others_go_on_when_the_one_that_closed_the_cycle_lets_go_of_what_it_holds()
    {
        _scene.Run(async () =>
        {
            Coroutine[] diners = [Diner("a", TakeOne, TakeTwo), Diner("b", TakeTwo, TakeOne), Diner("c", TakeOne, TakeTwo)];
            await Coroutine.JoinAll(diners);
            Assert.False(_one.IsHeld);
            Assert.False(_two.IsHeld);
        });
        _scene.Log.Expect("b DeadlockException", "a eats", "c eats");
    }

    /// <summary>Takes the first, and a second later the other.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void A_reader_that_waits_behind_a_writer_that_gives_up_some_day_is_in_no_cycle(int aSleeps, int bSleeps)
    {
        _scene.Run(async () =>
        {
            Coroutine a = _scene.Go("a", async () =>
            {
                using (await _three.AcquireReadAsync())
                {
                    await Scenario.Sleep(aSleeps);
                    using (await _one.AcquireAsync())
                        _scene.At("a has both");
                }
            });
            Coroutine writer = _scene.Go("writer", async () => await _three.TryAcquireWriteAsync(Scenario.Seconds(10)));
            Coroutine b = _scene.Go("b", async () =>
            {
                using (await _one.AcquireAsync())
                {
                    await Scenario.Sleep(bSleeps);
                    using (await _three.AcquireReadAsync())
                        _scene.At("b has both");
                }
            });
            await Coroutine.JoinAll(a, writer, b);
        });
        _scene.Reports.Expect();
        Assert.Contains(_scene.Log.Events, one => one.EndsWith("a has both", StringComparison.Ordinal));
        Assert.Contains(_scene.Log.Events, one => one.EndsWith("b has both", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reader_that_waits_behind_a_writer_without_end_is_in_a_cycle_with_the_reader_before_it()
    {
        _scene.Run(async () =>
        {
            Coroutine a = _scene.Go("a", async () =>
            {
                using (await _three.AcquireReadAsync())
                {
                    await Scenario.Sleep(1);
                    await UseOne();
                }
            });
            Coroutine writer = _scene.Go("writer", async () =>
            {
                using (await _three.AcquireWriteAsync())
                    _scene.At("writes");
            });
            Coroutine b = _scene.Go("b", async () =>
            {
                using (await _one.AcquireAsync())
                {
                    await Scenario.Sleep(2);
                    using (await _three.AcquireReadAsync())
                        _scene.At("b reads");
                }
            });
            await Coroutine.JoinAll(a, writer, b);
        });
        _scene.Reports.Expect("circle of b, a");
    }

    [Fact]
    public void One_that_joins_itself_is_told_so_at_once_though_others_run()
    {
        _scene.Run(async () =>
        {
            _ = Coroutine.Spawn(async () => await Scenario.Sleep(100));
            await _scene.Go("a", async () => await Coroutine.Current).JoinAsync(Scenario.Seconds(1));
            await _scene.Go("b", async () => await Coroutine.Current.JoinAsync()).JoinAsync(Scenario.Seconds(1));
            await _scene.Go("c", async () => await Coroutine.JoinAll(Coroutine.Current)).JoinAsync(Scenario.Seconds(1));
            await _scene.Go("d", async () => Assert.False(await Coroutine.Current.JoinAsync(Scenario.Seconds(1)))).JoinAsync();
            await _scene.Go("e", async () => await Coroutine.Current.KillAsync()).JoinAsync(Scenario.Seconds(1));
        });
        _scene.Log.Expect("a DeadlockException", "b DeadlockException", "c DeadlockException", "d", "e killed");
        _scene.Reports.Expect("circle of a", "circle of b", "circle of c");
        Assert.Contains("would wait for its own end", _scene.Errors.ToString(), StringComparison.Ordinal);
    }

    private Coroutine Diner(string name, Func<Task<IDisposable>> takeFirst, Func<Task<IDisposable>> takeSecond) => _scene.Go(name, async () =>
    {
        using (await takeFirst())
        {
            await Scenario.Sleep(1);
            using (await takeSecond())
                return "eats";
        }
    });

    private async Task UseOne()
    {
        using (await _one.AcquireAsync())
        {
        }
    }

    private async Task<IDisposable> TakeOne() => await _one.AcquireAsync();

    private async Task<IDisposable> TakeTwo() => await _two.AcquireAsync();

    private async Task<IDisposable> ReadThree() => await _three.AcquireReadAsync();

    private async Task<IDisposable> WriteThree() => await _three.AcquireWriteAsync();

    private sealed class Releaser(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
