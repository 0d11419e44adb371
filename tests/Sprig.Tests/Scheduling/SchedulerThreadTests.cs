using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>CoroutineScheduler.Start and the handle: starting, killing, joining from plain threads.</summary>
public class SchedulerThreadTests
{
    private static readonly SchedulerOptions s_quiet = new() { HandleSignals = false, ErrorOutput = TextWriter.Null };

    [Fact]
    public void It_runs_main_on_a_thread_of_that_name_and_join_returns_when_that_has_ended()
    {
        string? comm = null;
        string? name = null;
        string? coroutine = null;
        Thread? runner = null;
        SchedulerThread thread = CoroutineScheduler.Start(
            async () =>
            {
                await Coroutine.Yield();
                runner = Thread.CurrentThread;
                (comm, name, coroutine) = (File.ReadAllText("/proc/thread-self/comm"), runner.Name, Coroutine.Current.Name);
            },
            new SchedulerThreadOptions { Name = "loop of core 1", Scheduler = s_quiet });
        Assert.True(thread.Join());
        Assert.False(runner!.IsAlive);
        Assert.False(thread.IsAlive);
        Assert.Equal("loop of core 1\n", comm);
        Assert.Equal("loop of core 1", name);
        Assert.Equal("loop of core 1", coroutine);
        Assert.NotEqual(runner, Thread.CurrentThread);
        Assert.Contains("SchedulerThreadTests.cs:", thread.StartedAt, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_each_gets_one_of_its_own()
    {
        SchedulerThread first = Start(() => Task.CompletedTask);
        SchedulerThread second = Start(() => Task.CompletedTask);
        first.Join();
        second.Join();
        Assert.StartsWith("scheduler-", first.Name, StringComparison.Ordinal);
        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public void Start_returns_before_the_first_step_of_main_with_a_scheduler_to_post_to()
    {
        using ManualResetEventSlim started = new();
        CoroutineScheduler? inside = null;
        SchedulerThread thread = Start(async () =>
        {
            inside = CoroutineScheduler.Current;
            started.Wait();
            WaitQueue post = new("a post");
            using (CoroutineScheduler.Current.ExpectPosts())
                await Coroutine.Yield();
        });
        CoroutineScheduler scheduler = thread.Scheduler;
        bool ran = false;
        scheduler.Post(() => ran = true);
        started.Set();
        thread.Join();
        Assert.True(ran);
        Assert.Same(scheduler, inside);
        Assert.Throws<InvalidOperationException>(() => scheduler.Post(() => { }));
    }

    [Fact]
    public void Many_run_side_by_side_and_share_nothing()
    {
        int[] sums = new int[8];
        SchedulerThread[] threads = [.. Enumerable.Range(0, sums.Length).Select(i => Start(async () =>
        {
            for (int n = 0; n < 1000; n++)
            {
                sums[i] += await Coroutine.Spawn(async () =>
                {
                    await Coroutine.Yield();
                    return i;
                });
            }
        }))];
        Assert.All(threads, thread => thread.Join());
        Assert.Equal(Enumerable.Range(0, sums.Length).Select(i => i * 1000), sums);
    }

    [Fact]
    public void What_flows_flows_into_the_thread()
    {
        AsyncLocal<string> local = new() { Value = "of the starter" };
        string? seen = null;
        Start(async () =>
        {
            await Coroutine.Yield();
            seen = await Coroutine.Spawn(() => Task.FromResult(local.Value!));
        }).Join();
        Assert.Equal("of the starter", seen);
    }

    [Fact]
    public void The_error_of_the_run_is_thrown_to_each_who_joins_and_is_the_same()
    {
        SchedulerThread thread = Start(() => Bodies.Fail("broken"));
        InvalidOperationException first = Assert.Throws<InvalidOperationException>(() => thread.Join());
        InvalidOperationException second = Assert.Throws<InvalidOperationException>(() => thread.Join());
        Assert.Equal("broken", first.Message);
        Assert.Same(first, second);
        Assert.Contains(nameof(Bodies.Fail), second.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, second.StackTrace!.Split($"{nameof(Bodies)}.{nameof(Bodies.Fail)}").Length - 1);
    }

    [Fact]
    public void Failures_that_nobody_saw_inside_the_run_come_in_one_AggregateException()
    {
        SchedulerThread thread = Start(() =>
        {
            Coroutine.Spawn(() => Bodies.Fail("child"));
            return Bodies.Fail("main");
        });
        AggregateException error = Assert.Throws<AggregateException>(() => thread.Join());
        Assert.Equal(["main", "child"], error.InnerExceptions.Select(inner => inner.Message));
    }

    [Fact]
    public void A_join_that_is_out_of_time_says_so()
    {
        using ManualResetEventSlim end = new();
        SchedulerThread thread = Start(() =>
        {
            end.Wait();
            return Task.CompletedTask;
        });
        Assert.False(thread.Join(TimeSpan.Zero));
        Assert.True(thread.IsAlive);
        end.Set();
        Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_kill_from_another_thread_ends_the_whole_run_and_cleans_up()
    {
        EventLog log = new();
        using ManualResetEventSlim asleep = new();
        SchedulerThread thread = Start(async () =>
        {
            _ = Coroutine.Spawn(() => SleepAndLog(log, "child"));
            Coroutine main = Coroutine.Current;
            _ = Coroutine.Spawn(
                async () =>
                {
                    while (main.State != CoroutineState.Blocked)
                        await Coroutine.Yield();
                    asleep.Set();
                },
                new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            await SleepAndLog(log, "main");
        });
        asleep.Wait();
        thread.Kill();
        thread.Kill();
        CoroutineKilledException error = Assert.Throws<CoroutineKilledException>(() => thread.Join());
        Assert.Equal(thread.Name, error.CoroutineName);
        log.Expect("main cleaned up", "child cleaned up");
        thread.Kill();
    }

    [Fact]
    public void One_killed_at_once_never_begins_or_ends_at_its_first_wait()
    {
        for (int i = 0; i < 50; i++)
        {
            bool done = false;
            SchedulerThread thread = Start(async () =>
            {
                await Bodies.SleepForEver();
                done = true;
            });
            thread.Kill();
            Assert.Throws<CoroutineKilledException>(() => thread.Join());
            Assert.False(done);
        }
    }

    [Fact]
    public void A_kill_when_main_is_done_ends_the_rest_and_join_has_nothing_to_throw()
    {
        using ManualResetEventSlim mainDone = new();
        SchedulerThread thread = Start(() =>
        {
            Coroutine.Spawn(Bodies.SleepForEver);
            Coroutine.Current.AddDoneCallback(_ => mainDone.Set());
            return Task.CompletedTask;
        });
        mainDone.Wait();
        thread.Kill();
        Assert.True(thread.Join());
    }

    [Fact]
    public void The_grace_of_a_kill_holds_for_main_and_for_the_rest()
    {
        TestClock clock = new();
        StringWriter errors = new();
        using ManualResetEventSlim began = new();
        SchedulerThread thread = CoroutineScheduler.Start(
            async () =>
            {
                _ = Coroutine.Spawn(Bodies.NeverGiveUp, new SpawnOptions { Name = "stubborn child" });
                began.Set();
                await Bodies.NeverGiveUp();
            },
            new SchedulerThreadOptions { Name = "stubborn main", Scheduler = new() { Clock = clock, ErrorOutput = errors } });
        began.Wait();
        MonotonicTime killed = default;
        // In one breath of the loop: between two posts of this thread virtual time would go on.
        thread.Scheduler.Post(() =>
        {
            killed = new MonotonicTime(clock.GetTimestamp());
            thread.Kill(TimeSpan.FromSeconds(2));
        });
        Assert.Throws<CoroutineKilledException>(() => thread.Join());
        // Two seconds of grace and one of the last call, for main and then for the child.
        Assert.Equal(TimeSpan.FromSeconds(6), new MonotonicTime(clock.GetTimestamp()) - killed);
        Assert.Contains("'stubborn main'", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("'stubborn child'", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_sleeps_until_it_is_killed_is_no_deadlock()
    {
        TestClock clock = new();
        SchedulerThread thread = CoroutineScheduler.Start(
            Bodies.SleepForEver,
            new SchedulerThreadOptions { Scheduler = new() { Clock = clock, DeadlockPatience = TimeSpan.Zero } });
        Assert.False(thread.Join(TimeSpan.FromMilliseconds(1)));
        thread.Kill();
        Assert.Throws<CoroutineKilledException>(() => thread.Join());
    }

    [Fact]
    public void Bad_input_is_refused_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => CoroutineScheduler.Start(null!));
        SchedulerThread thread = Start(() => Task.CompletedTask);
        Assert.Throws<ArgumentOutOfRangeException>(() => thread.Kill(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = thread.JoinAsync(TimeSpan.FromSeconds(-2)); });
        Assert.True(thread.Join());
    }

    private static SchedulerThread Start(Func<Task> main) => CoroutineScheduler.Start(main, new SchedulerThreadOptions { Scheduler = s_quiet });

    private static async Task SleepAndLog(EventLog log, string name)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            await Coroutine.Yield();
            log.Add($"{name} cleaned up");
        }
    }
}
