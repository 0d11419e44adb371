using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance;

public class FairnessTests
{
    private const int Many = 10_000;
    private readonly Scenario _scene = new();

    /// <summary>What completes at once, each time.</summary>
    private static readonly Dictionary<string, Func<Func<Task>>> s_operations = new()
    {
        ["AsyncLock"] = () => Using(new AsyncLock()),
        ["AsyncReentrantLock"] = () => Using(new AsyncReentrantLock()),
        ["AsyncLock with a timeout"] = () => WithTimeout(new AsyncLock()),
        ["AsyncSemaphore"] = () =>
        {
            AsyncSemaphore it = new(1);
            return async () =>
            {
                using (await it.AcquireAsync())
                {
                }
            };
        },
        ["AsyncReaderWriterLock"] = () =>
        {
            AsyncReaderWriterLock it = new();
            return async () =>
            {
                using (await it.AcquireReadAsync())
                {
                }

                using (await it.AcquireWriteAsync())
                {
                }
            };
        },
        ["AsyncManualResetEvent"] = () =>
        {
            AsyncManualResetEvent it = new(isSet: true);
            return async () => await it.WaitAsync();
        },
        ["AsyncManualResetEvent with a timeout"] = () =>
        {
            AsyncManualResetEvent it = new(isSet: true);
            return async () => await it.WaitAsync(Scenario.Seconds(1));
        },
        ["AsyncAutoResetEvent"] = () =>
        {
            AsyncAutoResetEvent it = new();
            return async () =>
            {
                it.Set();
                await it.WaitAsync();
            };
        },
        ["AsyncCondition"] = () =>
        {
            AsyncCondition it = new();
            it.Lock.TryAcquire();
            return async () => await it.WaitUntilAsync(() => true);
        },
        ["AsyncBarrier"] = () =>
        {
            AsyncBarrier it = new(1);
            return async () => await it.SignalAndWaitAsync();
        },
        ["AsyncQueue"] = () => Through(new AsyncQueue<int>()),
        ["AsyncLifoQueue"] = () => Through(new AsyncLifoQueue<int>(1)),
        ["AsyncPriorityQueue"] = () =>
        {
            AsyncPriorityQueue<int, int> it = new(1);
            return async () =>
            {
                await it.PutAsync(1, 1);
                await it.GetAsync();
            };
        },
        ["AsyncQueue.Join"] = () =>
        {
            AsyncQueue<int> it = new();
            return async () => await it.JoinAsync();
        },
        ["AsyncQueue.Join with a timeout"] = () =>
        {
            AsyncQueue<int> it = new();
            return async () => await it.JoinAsync(Scenario.Seconds(1));
        },
        ["Broadcast"] = () =>
        {
            Broadcast<int> it = new();
            BroadcastSubscription<int> mine = it.Subscribe(1);
            return async () =>
            {
                await it.PublishAsync(1);
                await mine.GetAsync();
            };
        },
        ["Latest"] = () =>
        {
            Latest<int> it = new();
            it.Set(1);
            return async () => await it.GetAsync();
        },
        ["CompletionSource"] = () =>
        {
            CompletionSource<int> it = new();
            it.SetResult(1);
            return async () => await it;
        },
    };

    public static TheoryData<string> Operations => [.. s_operations.Keys];

    [Fact]
    public void Yield_lets_everything_that_is_ready_run_once()
    {
        _scene.Run(() => Coroutine.JoinAll([.. "abc".Select(name => Coroutine.Spawn(async () =>
        {
            for (int i = 0; i < 3; i++)
            {
                _scene.Log.Add($"{name}{i}");
                await Coroutine.Yield();
            }
        }))]));
        _scene.Log.Expect("a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2");
    }

    [Fact]
    public void A_loop_of_yields_does_not_starve_timers()
    {
        _scene.Run(async () =>
        {
            bool rang = false;
            _ = Coroutine.SpawnAfter(Scenario.Seconds(1), () =>
            {
                rang = true;
                return Task.CompletedTask;
            });
            // Virtual time stands still while somebody is ready: each turn takes a tenth of a second.
            int turns = 0;
            for (; !rang; turns++)
            {
                _scene.Clock.Advance(Scenario.Seconds(0.1));
                await Coroutine.Yield();
            }

            Assert.InRange(turns, 10, 12);
        });
    }

    [Fact]
    public void A_sleep_of_zero_is_a_yield()
    {
        _scene.Run(async () =>
        {
            Coroutine other = Coroutine.Spawn(() =>
            {
                _scene.Log.Add("other");
                return Task.CompletedTask;
            });
            await Coroutine.Sleep(TimeSpan.Zero);
            _scene.Log.Add("main");
            await other;
        });
        _scene.Log.Expect("other", "main");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operations_that_complete_at_once_still_count_and_the_coroutine_is_put_behind_the_others(string name) => _scene.Run(async () =>
    {
        int done = 0;
        List<int> seen = [];
        Coroutine greedy = Coroutine.Spawn(async () =>
        {
            Func<Task> operation = s_operations[name]();
            for (; done < Many; done++)
                await operation();
            done = -1;
        });
        Coroutine other = Coroutine.Spawn(async () =>
        {
            for (; done >= 0; await Coroutine.Yield())
                seen.Add(done);
        });
        await other;
        Assert.InRange(seen.Count, 20, Many);
        await greedy.JoinAsync();
        // The condition's is never released.
        _ = greedy.Exception;
    });

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operations_that_complete_at_once_starve_no_timer(string name) => _scene.Run(async () =>
    {
        int done = 0;
        int rangAt = Many;
        _ = Coroutine.SpawnAfter(Scenario.Seconds(1), () =>
        {
            rangAt = done;
            return Task.CompletedTask;
        });
        Coroutine greedy = Coroutine.Spawn(async () =>
        {
            Func<Task> operation = s_operations[name]();
            for (; done < Many; done++)
            {
                _scene.Clock.Advance(Scenario.Seconds(0.001));
                await operation();
            }
        });
        await greedy.JoinAsync();
        _ = greedy.Exception;
        Assert.InRange(rangAt, 1000, 1200);
    });

    [Fact]
    public void A_wait_that_does_wait_begins_a_new_budget()
    {
        _scene.Run(async () =>
        {
            AsyncQueue<int> queue = new(1);
            Coroutine producer = Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < Many; i++)
                    await queue.PutAsync(i);
                queue.Shutdown();
            });
            int expected = 0;
            await foreach (int item in queue)
                Assert.Equal(expected++, item);
            Assert.Equal(Many, expected);
            await producer;
        });
    }

    [Fact]
    public void A_flood_of_posts_does_not_keep_coroutines_from_running() => _scene.Run(async () =>
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        bool stop = false;
        void Again()
        {
            if (!stop)
                scheduler.Post(Again);
        }

        scheduler.Post(Again);
        for (int i = 0; i < 100; i++)
            await Coroutine.Yield();
        stop = true;
    });

    private static Func<Task> Using(OwnedLock it) => async () =>
    {
        using (await it.AcquireAsync())
        {
        }
    };

    private static Func<Task> WithTimeout(AsyncLock it) => async () =>
    {
        await it.TryAcquireAsync(Scenario.Seconds(1));
        it.Release();
    };

    private static Func<Task> Through(ItemQueue<int> it) => async () =>
    {
        await it.PutAsync(1);
        await it.GetAsync();
    };
}
