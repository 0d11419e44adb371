using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>BlockingPool: what runs, where and in what order. Threads tell each other by events; nothing waits for a time.</summary>
public sealed class BlockingPoolTests : IDisposable
{
    private readonly VirtualRun _run = new();
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    [Fact]
    public void Code_runs_on_a_thread_of_the_pool_while_the_loop_goes_on()
    {
        int loop = Environment.CurrentManagedThreadId;
        _run.Run(async () =>
        {
            using BlockingPool pool = new(1, name: "files");
            _ = Coroutine.Spawn(() =>
            {
                _run.Log.Add("the loop goes on");
                _gate.Set();
                return Task.CompletedTask;
            });
            Thread thread = await pool.RunAsync(() =>
            {
                _gate.Wait();
                Assert.Null(SynchronizationContext.Current);
                Assert.Throws<InvalidOperationException>(() => CoroutineScheduler.Current);
                return Thread.CurrentThread;
            });
            _run.Log.Add($"{thread.Name} {thread.IsBackground} {Environment.CurrentManagedThreadId == loop}");
            Assert.NotEqual(loop, thread.ManagedThreadId);
            bool ran = false;
            await pool.RunAsync(() => { ran = true; });
            Assert.True(ran);
        });
        _run.Log.Expect("the loop goes on", "files-1 True True");
    }

    [Fact]
    public void An_error_comes_home_as_it_is_with_its_own_stack() => _run.Run(async () =>
    {
        using BlockingPool pool = new(1);
        InvalidOperationException thrown = new("broken");
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => pool.RunAsync(() => FailBlockingly(thrown)));
        Assert.Same(thrown, error);
        Assert.Contains(nameof(FailBlockingly), error.StackTrace, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OperationCanceledException>(() => pool.RunAsync(() => new CancellationToken(true).ThrowIfCancellationRequested()));
        Assert.Equal(1, await pool.RunAsync(() => 1));
        _run.Reports.Expect();
    });

    [Fact]
    public void No_more_threads_than_allowed_and_the_rest_waits_in_line()
    {
        _run.Run(async () =>
        {
            using BlockingPool pool = new(2);
            Assert.Equal(0, pool.ThreadCount);
            using CountdownEvent begun = new(2);
            Coroutine<int>[] callers = [.. Enumerable.Range(1, 5).Select(number => Coroutine.Spawn(() => pool.RunAsync(() =>
            {
                if (number <= 2)
                    begun.Signal();
                _gate.Wait();
                return number;
            })))];
            await Coroutine.Yield();
            await Coroutine.Yield();
            begun.Wait();
            _run.Log.Add($"{pool.ThreadCount} {pool.PendingCount} {pool.MaxThreads}");
            _gate.Set();
            await Coroutine.JoinAll(callers);
            _run.Log.Add($"{string.Join(' ', callers.Select(caller => caller.Result))} {pool.ThreadCount <= 2} {pool.PendingCount}");
        });
        _run.Log.Expect("2 3 2", "1 2 3 4 5 True 0");
    }

    [Fact]
    public void Work_begins_in_the_order_in_which_it_came()
    {
        List<int> order = [];
        _run.Run(async () =>
        {
            using BlockingPool pool = new(1);
            await Coroutine.JoinAll(Enumerable.Range(1, 20).Select(number => Coroutine.Spawn(() => pool.RunAsync(() => order.Add(number)))));
        });
        Assert.Equal(Enumerable.Range(1, 20), order);
    }

    [Fact]
    public void A_thread_is_used_again_and_one_that_is_idle_too_long_ends()
    {
        _run.Run(async () =>
        {
            using BlockingPool lasting = new(1, Timeout.InfiniteTimeSpan);
            Thread first = await lasting.RunAsync(() => Thread.CurrentThread);
            Assert.Same(first, await lasting.RunAsync(() => Thread.CurrentThread));
            Assert.Equal(1, lasting.ThreadCount);
            using BlockingPool passing = new(1, TimeSpan.Zero);
            Thread one = await passing.RunAsync(() => Thread.CurrentThread);
            one.Join();
            Assert.Equal(0, passing.ThreadCount);
            Thread two = await passing.RunAsync(() => Thread.CurrentThread);
            Assert.NotSame(one, two);
            Assert.EndsWith("-2", two.Name, StringComparison.Ordinal);
            lasting.Dispose();
            first.Join();
            Assert.Equal(0, lasting.ThreadCount);
        });
    }

    [Fact]
    public void A_great_idle_time_is_for_ever() => _run.Run(async () =>
    {
        using BlockingPool pool = new(1, TimeSpan.MaxValue);
        Assert.Equal(1, await pool.RunAsync(() => 1));
    });

    [Fact]
    public void Code_runs_in_the_callers_flow_and_what_it_sets_stays_there()
    {
        AsyncLocal<string> local = new();
        _run.Run(async () =>
        {
            using BlockingPool pool = new(1);
            local.Value = "one";
            Assert.Equal("one", await pool.RunAsync(() => local.Value));
            local.Value = "two";
            await pool.RunAsync(() => { local.Value += " changed"; });
            Assert.Equal("two", await pool.RunAsync(() => local.Value));
        });
    }

    [Fact]
    public void Many_schedulers_share_a_pool()
    {
        using BlockingPool pool = new(3);
        int[] sums = new int[4];
        Thread[] loops = [.. Enumerable.Range(0, sums.Length).Select(index => new Thread(() => new VirtualRun().Run(async () =>
        {
            int home = Environment.CurrentManagedThreadId;
            Coroutine<int>[] callers = [.. Enumerable.Range(1, 50).Select(number => Coroutine.Spawn(async () =>
            {
                int result = await pool.RunAsync(() => number);
                return Environment.CurrentManagedThreadId == home ? result : -1;
            }))];
            await Coroutine.JoinAll(callers);
            sums[index] = callers.Sum(caller => caller.Result);
        })))];
        foreach (Thread loop in loops)
            loop.Start();
        foreach (Thread loop in loops)
            loop.Join();
        Assert.All(sums, sum => Assert.Equal(1275, sum));
        Assert.True(pool.ThreadCount <= 3);
    }

    [Fact]
    public void Shut_down_it_takes_nothing_new_and_ends_what_it_has()
    {
        _run.Run(async () =>
        {
            BlockingPool pool = new(1, Timeout.InfiniteTimeSpan, "files");
            Coroutine<int> running = Coroutine.Spawn(() => pool.RunAsync(() =>
            {
                _gate.Wait();
                return 1;
            }));
            Coroutine<Thread> pending = Coroutine.Spawn(() => pool.RunAsync(() => Thread.CurrentThread));
            await Coroutine.Yield();
            await pool.ShutdownAsync(wait: false);
            Assert.True(pool.IsShutdown);
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => pool.RunAsync(() => 1));
            Assert.Contains("BlockingPool 'files' was shut down", error.Message, StringComparison.Ordinal);
            _ = Coroutine.Spawn(() =>
            {
                _gate.Set();
                return Task.CompletedTask;
            });
            await pool.ShutdownAsync();
            Assert.Equal(1, await running);
            (await pending).Join();
            Assert.Equal(0, pool.ThreadCount);
            await pool.DisposeAsync();
        });
    }

    [Fact]
    public void Shut_down_with_its_pending_work_cancelled()
    {
        _run.Run(async () =>
        {
            BlockingPool pool = new(1);
            Coroutine running = Coroutine.Spawn(() => pool.RunAsync(_gate.Wait));
            Coroutine pending = Coroutine.Spawn(() => pool.RunAsync(() => _run.Log.Add("not reached")));
            await Coroutine.Yield();
            Task shutdown = pool.ShutdownAsync(cancelPending: true);
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await pending);
            Assert.False(shutdown.IsCompleted);
            _gate.Set();
            await shutdown;
            await running;
        });
        _run.Log.Expect();
    }

    [Fact]
    public void A_wait_for_the_shutdown_obeys_kills_and_deadlines()
    {
        _run.Run(async () =>
        {
            BlockingPool pool = new(1);
            Coroutine running = Coroutine.Spawn(() => pool.RunAsync(_gate.Wait));
            await Coroutine.Yield();
            Coroutine killed = Coroutine.Spawn(() => pool.ShutdownAsync());
            await Coroutine.Yield();
            await Coroutine.Yield();
            await killed.KillAsync();
            Assert.Equal(CoroutineState.Killed, killed.State);
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => pool.ShutdownAsync()));
            _gate.Set();
            await running;
            await pool.ShutdownAsync();
        });
    }

    [Fact]
    public void Outside_of_a_coroutine_the_shutdown_is_an_ordinary_task()
    {
        BlockingPool pool = new(1);
        Task shutdown = Task.CompletedTask;
        _run.Run(async () =>
        {
            Coroutine running = Coroutine.Spawn(() => pool.RunAsync(_gate.Wait));
            await Coroutine.Yield();
            Thread thread = new(() => shutdown = pool.ShutdownAsync());
            thread.Start();
            thread.Join();
            Assert.False(shutdown.IsCompleted);
            _gate.Set();
            await running;
            await shutdown;
        });
        Assert.True(pool.ShutdownAsync().IsCompleted);
    }

    [Fact]
    public void The_default_one_serves_everybody_and_can_not_be_shut_down()
    {
        _run.Run(async () => Assert.Equal("default-1", (await BlockingPool.Default.RunAsync(() => Thread.CurrentThread.Name))![..9]));
        Assert.Throws<InvalidOperationException>(BlockingPool.Default.Dispose);
        Assert.Equal(10, BlockingPool.Default.MaxThreads);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockingPool(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockingPool(1, VirtualRun.Seconds(-1)));
        using BlockingPool pool = new(1);
        Refused.AtOnce<InvalidOperationException>(() => pool.RunAsync(() => 1));
        _run.Run(async () =>
        {
            Refused.AtOnce<ArgumentNullException>(() => pool.RunAsync((Action)null!));
            Refused.AtOnce<ArgumentNullException>(() => pool.RunAsync((Func<int>)null!));
            ArgumentException error = Refused.AtOnce<ArgumentException>(() => pool.RunAsync(async () => await Coroutine.Yield()));
            Assert.Contains("await it in a coroutine", error.Message, StringComparison.Ordinal);
            Refused.AtOnce<ArgumentException>(() => pool.RunAsync(() => Task.FromResult(1)));
            Exception? failure = null;
            CoroutineScheduler.Current.Post(() => failure = Record.Exception(() => { _ = pool.RunAsync(() => 1); }));
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            Assert.IsType<InvalidOperationException>(failure);
        });
        Assert.Equal(0, pool.ThreadCount);
    }

    private static void FailBlockingly(Exception error) => throw error;
}
