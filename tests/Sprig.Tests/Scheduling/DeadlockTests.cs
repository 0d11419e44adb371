using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>DeadlockException, and RunLifetime.IsDeadlock.</summary>
public class DeadlockTests
{
    private static readonly TestClock s_patient = new() { Patience = TimeSpan.FromMinutes(1) };
    private readonly VirtualRun _run = new();
    private readonly WaitQueue _queue = new("a thing that nobody gives");

    [Fact]
    public void A_wait_that_nobody_can_end_throws_in_main_with_the_wait_graph()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _run.Run(async () =>
        {
            _ = Coroutine.Spawn(async () => await _queue.WaitAsync(), new SpawnOptions { Name = "child", Daemon = DaemonRule.UntilWorkEnds });
            await Bodies.SleepFor(1);
            await _queue.WaitAsync();
        }));
        Assert.Equal(
            [("main", "a thing that nobody gives"), ("child", "a thing that nobody gives")],
            error.Waits.Select(wait => (wait.Coroutine, wait.WaitsFor)));
        Assert.All(error.Waits, wait => Assert.Matches(@"DeadlockTests\.cs:\d+$|VirtualRun\.cs:\d+$", wait.SpawnedAt));
        Assert.Matches(@"'child' waits for a thing that nobody gives \(spawned at .*DeadlockTests\.cs:\d+\)", error.Message);
        Assert.Equal(VirtualRun.Seconds(1), _run.Clock.Elapsed);
    }

    [Fact]
    public void A_cycle_of_joins_is_a_deadlock()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _run.Run(async () =>
        {
            Coroutine main = Coroutine.Current;
            SpawnOptions daemon = new() { Name = "a", Daemon = DaemonRule.UntilWorkEnds };
            Coroutine a = Coroutine.Spawn(async () => await main, daemon);
            Coroutine b = Coroutine.Spawn(async () => await a, daemon with { Name = "b" });
            await Coroutine.JoinAll(b);
        }));
        Assert.Equal(
            ["main: all of 'b'", "a: coroutine 'main'", "b: coroutine 'a'"],
            error.Waits.Select(wait => $"{wait.Coroutine}: {wait.WaitsFor}"));
    }

    [Fact]
    public void Awaiting_oneself_is_a_deadlock()
        => Assert.Throws<DeadlockException>(() => _run.Run(async () => await Coroutine.Current));

    [Fact]
    public void Main_may_catch_it_and_go_on()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () => await _queue.WaitAsync());
            await Assert.ThrowsAsync<DeadlockException>(async () => await child);
            _run.Log.Add($"child {child.State}");
            _queue.WakeAll();
            await child;
            _run.Log.Add($"child {child.State}");
        });
        _run.Log.Expect("child Blocked", "child Completed");
    }

    [Fact]
    public void A_deadlock_after_main_has_returned_kills_the_rest_and_is_thrown_by_the_run()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _run.Run(() =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                try
                {
                    await _queue.WaitAsync();
                }
                finally
                {
                    await Bodies.SleepFor(1);
                    _run.At("cleaned up");
                }
            }, new SpawnOptions { Name = "child" });
            return Task.CompletedTask;
        }));
        _run.Log.Expect("1 cleaned up");
        Assert.Equal("child", Assert.Single(error.Waits).Coroutine);
    }

    [Fact]
    public void A_deadlock_after_main_has_failed_comes_with_mains_error_first()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            _ = Coroutine.Spawn(async () => await _queue.WaitAsync());
            await Bodies.Fail("main");
        }));
        Assert.Collection(
            error.InnerExceptions,
            first => Assert.Equal("main", first.Message),
            second => Assert.IsType<DeadlockException>(second));
    }

    [Fact]
    public void A_sleep_without_end_is_one_where_no_signal_can_end_it()
        => Assert.Throws<DeadlockException>(() => _run.Run(async () => await Coroutine.Sleep(Timeout.InfiniteTimeSpan)));

    [Fact]
    public void A_sleep_without_end_is_none_where_signals_are_handled()
    {
        CoroutineKilledException error = Assert.Throws<CoroutineKilledException>(() => CoroutineScheduler.Run(async () =>
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            Coroutine main = Coroutine.Current;
            // Unannounced, as a signal is: nothing but the sleep itself keeps the run from being called dead.
            _ = Task.Delay(TimeSpan.FromMilliseconds(5)).ContinueWith(_ => scheduler.Post(() => main.Kill()), TaskScheduler.Default);
            await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
        }));
        Assert.Equal("main", error.CoroutineName);
    }

    [Fact]
    public void A_timer_somewhere_makes_it_none()
    {
        _run.Run(async () =>
        {
            Coroutine.SpawnAfter(VirtualRun.Seconds(1000), () => Task.FromResult(_queue.WakeAll())).Name = "waker";
            await _queue.WaitAsync();
        });
        Assert.Equal(VirtualRun.Seconds(1000), _run.Clock.Elapsed);
    }

    [Fact]
    public void ExpectPosts_prevents_it_until_it_is_disposed()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            IDisposable expectation = scheduler.ExpectPosts();
            Thread thread = new(() => scheduler.Post(() => _queue.WakeAll()));
            thread.Start();
            await _queue.WaitAsync();
            thread.Join();

            Thread disposer = new(expectation.Dispose);
            disposer.Start();
            await Assert.ThrowsAsync<DeadlockException>(async () => await _queue.WaitAsync());
            disposer.Join();
            expectation.Dispose();
            using (scheduler.ExpectPosts())
            {
                // Disposed twice it must not have counted down twice.
                Thread late = new(() => scheduler.Post(() => _queue.WakeAll()));
                late.Start();
                await _queue.WaitAsync();
                late.Join();
            }
        });
    }

    [Fact]
    public void A_foreign_task_that_is_pending_prevents_it()
    {
        _run.Run(async () =>
        {
            using ManualResetEventSlim go = new();
            TaskCompletionSource foreign = new();
            Thread thread = new(() =>
            {
                go.Wait();
                foreign.SetResult();
            });
            thread.Start();
            _ = Coroutine.Spawn(async () =>
            {
                await foreign.Task;
                _queue.WakeAll();
            });
            await Coroutine.Yield();
            go.Set();
            await _queue.WaitAsync();
            thread.Join();
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenAny_over_our_wait_and_a_foreign_task_is_none(bool virtualTime)
    {
        SchedulerOptions options = new() { HandleSignals = false, Clock = virtualTime ? s_patient : null };
        CoroutineScheduler.Run(
            async () =>
            {
                TaskCompletionSource foreign = new();
                Thread thread = new(foreign.SetResult);
                Task ours = _queue.WaitAsync().AsTask();
                thread.Start();
                Assert.Same(foreign.Task, await Task.WhenAny(ours, foreign.Task));
                thread.Join();
            },
            options);
    }

    [Fact]
    public void Two_flows_of_which_one_awaits_something_foreign_are_none() => CoroutineScheduler.Run(
        async () =>
        {
            TaskCompletionSource foreign = new();
            Thread thread = new(foreign.SetResult);
            await Task.WhenAll(ConsumeAsync(), FetchAsync());
            thread.Join();

            async Task ConsumeAsync() => await _queue.WaitAsync();

            async Task FetchAsync()
            {
                thread.Start();
                await foreign.Task;
                _queue.WakeOne();
            }
        },
        new SchedulerOptions { HandleSignals = false });

    [Fact]
    public void Two_flows_that_wait_for_nothing_are_one_after_the_patience()
        => Assert.Single(Assert.Throws<DeadlockException>(() => _run.Run(() => Task.WhenAll(WaitAsync(), WaitAsync()))).Waits);

    [Fact]
    public void A_wait_deep_in_called_methods_is_one_after_the_patience()
        => Assert.Throws<DeadlockException>(() => _run.Run(async () => await CallAsync()));

    [Fact]
    public void Without_end_to_the_patience_it_is_never_guessed()
    {
        SchedulerOptions options = new() { HandleSignals = false, DeadlockPatience = Timeout.InfiniteTimeSpan };
        Assert.Throws<CoroutineKilledException>(() => CoroutineScheduler.Run(
            async () =>
            {
                CoroutineScheduler scheduler = CoroutineScheduler.Current;
                Coroutine main = Coroutine.Current;
                _ = Task.Delay(TimeSpan.FromMilliseconds(5)).ContinueWith(_ => scheduler.Post(() => main.Kill()), TaskScheduler.Default);
                await CallAsync();
            },
            options));
    }

    private async Task CallAsync() => await WaitAsync();

    private async Task WaitAsync() => await _queue.WaitAsync();

    [Fact]
    public void It_is_thrown_again_when_main_waits_for_nothing_again() => _run.Run(async () =>
    {
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<DeadlockException>(async () => await _queue.WaitAsync());
        Assert.Equal(0, _queue.Count);
    });
}
