using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>Zero bytes in steady state: where nobody waits, where somebody waits and is handed what it wants, where its time is
/// over. No asserts within the rounds: they allocate.</summary>
public class AllocationTests
{
    private const int WarmUp = 300;
    private const int Rounds = 2000;
    private static readonly SpawnOptions s_daemon = new() { Daemon = DaemonRule.UntilMainReturns };
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_lock_that_is_free()
    {
        AsyncLock guard = new();
        ExpectNothing(beside: null, async more =>
        {
            while (more())
            {
                using (await guard.AcquireAsync())
                {
                }

                if (guard.TryAcquire())
                    guard.Release();
            }
        });
    }

    [Fact]
    public void A_lock_that_two_want()
    {
        AsyncLock guard = new();
        ExpectTwo(async more =>
        {
            while (more())
            {
                using (await guard.AcquireAsync())
                    await Coroutine.Yield();
            }
        });
    }

    [Fact]
    public void A_reentrant_lock_that_two_want()
    {
        AsyncReentrantLock guard = new();
        ExpectTwo(async more =>
        {
            while (more())
            {
                using (await guard.AcquireAsync())
                using (await guard.AcquireAsync())
                    await Coroutine.Yield();
            }
        });
    }

    [Fact]
    public void A_lock_whose_wait_times_out()
    {
        AsyncLock guard = new();
        ExpectNothing(
            async _ =>
            {
                using (await guard.AcquireAsync())
                    await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
            },
            async more =>
            {
                while (more())
                    await guard.TryAcquireAsync(s_second);
            });
    }

    [Fact]
    public void A_semaphore_that_two_want()
    {
        AsyncSemaphore permits = new(1);
        ExpectTwo(async more =>
        {
            while (more())
            {
                using (await permits.AcquireAsync())
                    await Coroutine.Yield();
                if (await permits.TryAcquireAsync(s_second))
                    permits.Release();
            }
        });
    }

    [Fact]
    public void A_reader_writer_lock_that_two_want()
    {
        AsyncReaderWriterLock guard = new();
        ExpectTwo(async more =>
        {
            while (more())
            {
                using (await guard.AcquireReadAsync())
                    await Coroutine.Yield();
                using (await guard.AcquireWriteAsync())
                    await Coroutine.Yield();
            }
        });
    }

    [Fact]
    public void Events()
    {
        AsyncManualResetEvent gate = new();
        AsyncAutoResetEvent signal = new();
        ExpectNothing(
            async _ =>
            {
                while (true)
                {
                    await gate.WaitAsync();
                    signal.Set();
                    await Coroutine.Yield();
                }
            },
            async more =>
            {
                while (more())
                {
                    gate.Set();
                    gate.Reset();
                    await signal.WaitAsync();
                    await signal.WaitAsync(s_second);
                }
            });
    }

    [Fact]
    public void A_condition()
    {
        AsyncCondition changed = new();
        int turn = 0;
        ExpectNothing(more => TakeTurns(more, () => turn % 2 == 1), more => TakeTurns(more, () => turn % 2 == 0));

        async Task TakeTurns(Func<bool> more, Func<bool> isMine)
        {
            while (more())
            {
                using (await changed.Lock.AcquireAsync())
                {
                    await changed.WaitUntilAsync(isMine);
                    turn++;
                    changed.NotifyAll();
                }
            }
        }
    }

    [Fact]
    public void A_barrier()
    {
        AsyncBarrier barrier = new(2);
        ExpectTwo(async more =>
        {
            while (more())
                await barrier.SignalAndWaitAsync();
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(128)]
    public void A_queue(int capacity) => ExpectItemsToPass(new AsyncQueue<int>(capacity));

    [Fact]
    public void A_lifo_queue() => ExpectItemsToPass(new AsyncLifoQueue<int>(2));

    [Fact]
    public void A_rendezvous() => ExpectItemsToPass(new Rendezvous<int>());

    [Fact]
    public void A_queue_of_objects_whose_getter_waits()
    {
        AsyncQueue<string> queue = new(2);
        ExpectNothing(
            async _ =>
            {
                while (true)
                    await queue.GetAsync();
            },
            async more =>
            {
                while (more())
                {
                    await queue.PutAsync("item");
                    await Coroutine.Yield();
                }
            });
    }

    [Fact]
    public void A_queue_whose_getter_waits_with_a_time_limit()
    {
        AsyncQueue<int> queue = new(1);
        ExpectNothing(
            async _ =>
            {
                while (true)
                {
                    await Coroutine.Sleep(s_second);
                    await queue.PutAsync(1, s_second);
                }
            },
            async more =>
            {
                while (more())
                    await queue.GetAsync(TimeSpan.FromSeconds(10));
            });
    }

    [Fact]
    public void A_priority_queue()
    {
        AsyncPriorityQueue<int, int> queue = new(2);
        ExpectNothing(
            async _ =>
            {
                while (true)
                    await queue.PutAsync(1, 2);
            },
            async more =>
            {
                while (more())
                    await queue.GetAsync();
            });
    }

    [Fact]
    public void A_queue_read_by_await_foreach_and_joined()
    {
        AsyncQueue<int> queue = new(2);
        ExpectNothing(
            async _ =>
            {
                await foreach (int item in queue)
                    queue.TaskDone();
            },
            async more =>
            {
                while (more())
                {
                    await queue.PutAsync(1);
                    await queue.PutAsync(2);
                    await queue.PutAsync(3);
                    await queue.JoinAsync();
                }
            });
    }

    [Fact]
    public void The_latest_value()
    {
        Latest<double> reading = new();
        AsyncAutoResetEvent seen = new();
        ExpectNothing(
            async _ =>
            {
                await foreach (double value in reading)
                    seen.Set();
            },
            async more =>
            {
                while (more())
                {
                    reading.Set(1.5);
                    await seen.WaitAsync();
                }
            });
    }

    [Fact]
    public void A_broadcast_with_a_slow_subscriber()
    {
        Broadcast<int> news = new();
        ExpectNothing(
            async _ =>
            {
                using BroadcastSubscription<int> dropping = news.Subscribe(2, SlowSubscriber.DropOldest);
                await foreach (int item in news.Subscribe(2))
                    await Coroutine.Yield();
            },
            async more =>
            {
                while (more())
                    await news.PublishAsync(1);
            });
    }

    private static void ExpectItemsToPass(ItemQueue<int> queue) => ExpectNothing(
        async _ =>
        {
            while (true)
                await queue.PutAsync(1);
        },
        async more =>
        {
            while (more())
                await queue.GetAsync();
        });

    /// <summary>The same, done by two coroutines.</summary>
    private static void ExpectTwo(Func<Func<bool>, Task> body) => ExpectNothing(body, body);

    /// <param name="beside">What another coroutine does meanwhile.</param>
    /// <param name="body">Measured: it goes on for as long as it is told that there is more to do.</param>
    private static void ExpectNothing(Func<Func<bool>, Task>? beside, Func<Func<bool>, Task> body)
    {
        int round = 0;
        long before = 0;
        long allocated = -1;
        new VirtualRun().Run(async () =>
        {
            if (beside is not null)
                _ = Coroutine.Spawn(() => beside(() => true), s_daemon);
            await Coroutine.Yield();
            await body(HasMore);
        });
        Assert.Equal(0, allocated);

        bool HasMore()
        {
            if (round == WarmUp)
                before = GC.GetAllocatedBytesForCurrentThread();
            else if (round == WarmUp + Rounds)
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return round++ < WarmUp + Rounds;
        }
    }
}
