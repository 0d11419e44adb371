using Sprig.Scheduling;
using Sprig.Testing;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class CoroutineSchedulerTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_run_inside_of_a_run_is_a_clear_error_and_leaves_the_outer_one_alone()
    {
        _run.Run(async () =>
        {
            Assert.Contains("runs on this thread already", Assert.Throws<InvalidOperationException>(() => new VirtualRun().Run(Bodies.SleepForEver)).Message, StringComparison.Ordinal);
            await Bodies.SleepFor(1);
            _run.At("went on");
        });
        _run.Log.Expect("1 went on");
    }

    [Fact]
    public void Use_outside_of_a_scheduler_is_a_clear_error()
    {
        Action[] uses =
        [
            () => Coroutine.Spawn(Bodies.SleepForEver),
            () => Coroutine.SpawnAfter(TimeSpan.Zero, Bodies.SleepForEver),
            () => Coroutine.Sleep(TimeSpan.Zero),
            () => Coroutine.Yield(),
            () => Deadline.After(VirtualRun.Seconds(1)),
            () => _ = Coroutine.Current,
            () => _ = CoroutineScheduler.Current,
        ];
        Assert.All(uses, use => Assert.Contains("No scheduler runs on thread", Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentNullException>(() => CoroutineScheduler.Run((Func<Task>)null!));
        Assert.True(MonotonicTime.Now.Nanoseconds > 0);
    }

    [Fact]
    public void Two_schedulers_on_two_threads_run_at_once()
    {
        using Barrier barrier = new(2);
        long[] sums = new long[2];
        TestClock[] clocks = [new(), new()];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(index => new Thread(() => CoroutineScheduler.Run(
            async () =>
            {
                CoroutineScheduler mine = CoroutineScheduler.Current;
                barrier.SignalAndWait();
                Coroutine[] children = [.. Enumerable.Range(0, 10).Select(_ => Coroutine.Spawn(async () =>
                {
                    for (int i = 0; i < 1000; i++)
                    {
                        await Coroutine.Sleep(VirtualRun.Seconds(index + 1));
                        Assert.Same(mine, CoroutineScheduler.Current);
                        sums[index]++;
                    }
                }))];
                await Coroutine.JoinAll(children, raiseError: true);
            },
            new SchedulerOptions { Clock = clocks[index] })))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal([10_000, 10_000], sums);
        Assert.Equal([VirtualRun.Seconds(1000), VirtualRun.Seconds(2000)], clocks.Select(clock => clock.Elapsed));
    }

    [Fact]
    public void A_coroutine_of_another_scheduler_can_not_be_awaited()
    {
        Coroutine? foreign = null;
        using ManualResetEventSlim spawned = new();
        using ManualResetEventSlim done = new();
        Thread other = new(() => new VirtualRun().Run(async () =>
        {
            foreign = Coroutine.Spawn(Bodies.SleepForEver);
            await Coroutine.Yield();
            spawned.Set();
            done.Wait();
            foreign.Kill();
        }));
        other.Start();
        spawned.Wait();
        List<Exception?> errors = [];
        _run.Run(async () =>
        {
            errors.Add(await Record.ExceptionAsync(async () => await foreign!));
            errors.Add(await Record.ExceptionAsync(async () => await foreign!.JoinAsync()));
            errors.Add(await Record.ExceptionAsync(() => Coroutine.JoinAll(foreign!)));
            errors.Add(await Record.ExceptionAsync(async () => await foreign!.KillAsync()));
            errors.Add(Record.Exception(() => foreign!.Kill()));
            Assert.False(foreign!.IsKillRequested);
        });
        done.Set();
        other.Join();
        Assert.All(errors, error => Assert.Contains("belongs to another scheduler", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void One_thread_may_run_one_scheduler_after_the_other()
    {
        for (int i = 0; i < 3; i++)
            new VirtualRun().Run(() => Bodies.SleepFor(1));
        Assert.Throws<InvalidOperationException>(() => new VirtualRun().Run(() => Bodies.Fail("broken")));
        new VirtualRun().Run(() => Bodies.SleepFor(1));
    }

    [Fact]
    public void Foreign_timers_of_the_runs_time_provider_fire_in_virtual_time()
    {
        _run.Run(async () =>
        {
            Assert.Same(_run.Clock, CoroutineScheduler.Current.TimeProvider);
            await Task.Delay(VirtualRun.Seconds(5), CoroutineScheduler.Current.TimeProvider);
            _run.At("delayed");
        });
        _run.Log.Expect("5 delayed");
    }
}
