using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Joining a scheduler's thread from coroutines of another scheduler, and failures that nobody joins.</summary>
public sealed class SchedulerThreadJoiningTests : IDisposable
{
    private readonly VirtualRun _run = new();
    private readonly ManualResetEventSlim _end = new();

    public void Dispose() => _end.Dispose();

    [Fact]
    public void A_coroutine_of_another_scheduler_waits_while_its_own_loop_goes_on() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        Coroutine<bool> joiner = Coroutine.Spawn(() => thread.JoinAsync());
        await Coroutine.Yield();
        Assert.Equal($"the end of {thread}", joiner.BlockedOn);
        _end.Set();
        Assert.True(await joiner);
        Assert.False(thread.IsAlive);
    });

    [Fact]
    public void Many_may_wait_and_each_is_told() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        Coroutine<bool>[] joiners = [.. Enumerable.Range(0, 10).Select(_ => Coroutine.Spawn(() => thread.JoinAsync()))];
        await Coroutine.Yield();
        _end.Set();
        foreach (Coroutine<bool> joiner in joiners)
            Assert.True(await joiner);
        Assert.True(await thread.JoinAsync());
    });

    [Fact]
    public void No_end_is_missed_however_the_two_meet() => CoroutineScheduler.Run(
        async () =>
        {
            for (int i = 0; i < 300; i++)
            {
                SchedulerThread thread = CoroutineScheduler.Start(() => Task.CompletedTask, Quiet);
                for (int turn = 0; turn < i; turn++)
                    await Coroutine.Yield();
                Assert.True(await thread.JoinAsync());
            }
        },
        new SchedulerOptions { HandleSignals = false });

    [Fact]
    public void The_joins_timeout_goes_by_the_clock_of_the_waiter() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        Assert.False(await thread.JoinAsync(TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.FromHours(1), _run.Clock.Elapsed);
        Assert.True(thread.IsAlive);
        _end.Set();
        Assert.True(await thread.JoinAsync());
    });

    [Fact]
    public void A_deadline_ends_the_join_and_not_the_thread() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        Assert.False(await Deadline.TryRunAsync(TimeSpan.FromHours(1), async () => await thread.JoinAsync()));
        Assert.True(thread.IsAlive);
        _end.Set();
        Assert.True(await thread.JoinAsync());
    });

    [Fact]
    public void A_kill_ends_the_join_and_leaves_the_others_waiting() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        Coroutine<bool> killed = Coroutine.Spawn(() => thread.JoinAsync());
        Coroutine<bool> other = Coroutine.Spawn(() => thread.JoinAsync());
        await Coroutine.Yield();
        await killed.KillAsync();
        Assert.Equal(CoroutineState.Killed, killed.State);
        Assert.Equal(CoroutineState.Blocked, other.State);
        _end.Set();
        Assert.True(await other);
    });

    [Fact]
    public void A_kill_after_the_end_was_told_and_before_it_ran_takes_nothing_from_others() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        Coroutine<bool> killed = Coroutine.Spawn(() => thread.JoinAsync());
        Coroutine<bool> other = Coroutine.Spawn(() => thread.JoinAsync());
        Coroutine killer = Coroutine.Spawn(async () =>
        {
            while (killed.State != CoroutineState.Ready)
                await Coroutine.Yield();
            killed.Kill();
        });
        await Coroutine.Yield();
        _end.Set();
        await killer;
        Assert.True(await other);
        await killed.JoinAsync();
        // The posts may come in two ticks: then it has run in the first.
        Assert.True(killed.State is CoroutineState.Killed or CoroutineState.Completed);
    });

    [Fact]
    public void The_error_of_the_run_is_thrown_to_the_coroutines_that_join() => _run.Run(async () =>
    {
        SchedulerThread thread = CoroutineScheduler.Start(() => Bodies.Fail("broken"), Quiet);
        InvalidOperationException first = await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread.JoinAsync());
        InvalidOperationException second = await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread.JoinAsync(TimeSpan.Zero));
        Assert.Equal("broken", first.Message);
        Assert.Same(first, second);
    });

    [Fact]
    public void A_killed_thread_tells_so_to_who_joins_it_without_killing_him() => _run.Run(async () =>
    {
        SchedulerThread thread = CoroutineScheduler.Start(Bodies.SleepForEver, Quiet);
        thread.Kill();
        CoroutineKilledException error = await Assert.ThrowsAsync<CoroutineKilledException>(async () => await thread.JoinAsync());
        Assert.Equal(thread.Name, error.CoroutineName);
        await Coroutine.Yield();
    });

    [Fact]
    public async Task Where_no_scheduler_runs_a_join_is_an_ordinary_task()
    {
        SchedulerThread thread = StartUntilSet();
        Assert.False(await thread.JoinAsync(TimeSpan.FromMilliseconds(1)));
        ValueTask<bool> join = thread.JoinAsync();
        _end.Set();
        Assert.True(await join);
        SchedulerThread failing = CoroutineScheduler.Start(() => Bodies.Fail("broken"), Quiet);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await failing.JoinAsync());
    }

    [Fact]
    public void Blocking_a_loop_with_a_join_is_refused_and_the_cure_named() => _run.Run(async () =>
    {
        SchedulerThread thread = StartUntilSet();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => thread.Join());
        Assert.Contains("await JoinAsync instead", error.Message, StringComparison.Ordinal);
        _end.Set();
        await thread.JoinAsync();
    });

    [Fact]
    public void One_that_would_wait_for_itself_is_told_so()
    {
        SchedulerThread? thread = null;
        InvalidOperationException? error = null;
        thread = CoroutineScheduler.Start(
            async () =>
            {
                _end.Wait();
                error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread!.JoinAsync());
            },
            Quiet with { Name = "narcissus" });
        _end.Set();
        thread.Join();
        Assert.Equal("coroutine 'narcissus' runs on scheduler thread 'narcissus' and can't wait for its end: it would wait for itself.", error!.Message);
    }

    [Fact]
    public void A_failure_that_nobody_joins_is_reported_when_nobody_can_any_more_and_once()
    {
        StartAndForget("forgotten");
        while (!_run.Errors.ToString().Contains("forgotten", StringComparison.Ordinal))
            Collect();
        Collect();
        Assert.Matches(@"^sprig: scheduler thread 'forgotten' \(started at .*SchedulerThreadJoiningTests\.cs:\d+\) failed and nobody joined it: .*broken", _run.Errors.ToString());
        Assert.Single(_run.Errors.ToString().Split("nobody joined it")[1..]);
        _run.Reports.Expect("failure of forgotten: broken");
    }

    [Fact]
    public void A_failure_that_somebody_joined_is_not_reported()
    {
        JoinAndForget();
        StartAndForget("later");
        while (!_run.Errors.ToString().Contains("later", StringComparison.Ordinal))
            Collect();
        Assert.DoesNotContain("joined", _run.Errors.ToString().Replace("nobody joined it", "", StringComparison.Ordinal), StringComparison.Ordinal);
        _run.Reports.Expect("failure of later: broken");
    }

    [Fact]
    public async Task A_time_limit_may_be_longer_than_a_thread_can_wait()
    {
        _end.Set();
        Assert.True(StartUntilSet().Join(TimeSpan.MaxValue));
        Assert.True(await StartUntilSet().JoinAsync(TimeSpan.MaxValue));
        SchedulerThread thread = StartUntilSet();
        Assert.Throws<ArgumentOutOfRangeException>(() => thread.Join(TimeSpan.FromSeconds(-1)));
        _run.Run(async () => Assert.True(await thread.JoinAsync(TimeSpan.MaxValue)));
    }

    private static SchedulerThreadOptions Quiet => new() { Scheduler = new() { HandleSignals = false, ErrorOutput = TextWriter.Null } };

    private SchedulerThread StartUntilSet() => CoroutineScheduler.Start(
        () =>
        {
            _end.Wait();
            return Task.CompletedTask;
        },
        Quiet);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StartAndForget(string name) => Failing(name);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void JoinAndForget() => Assert.Throws<InvalidOperationException>(() => Failing("joined").Join());

    private SchedulerThread Failing(string name)
        => CoroutineScheduler.Start(() => Bodies.Fail("broken"), new SchedulerThreadOptions { Name = name, Scheduler = _run.Options });

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
