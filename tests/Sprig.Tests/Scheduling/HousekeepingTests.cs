using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>CoroutineScheduler.Housekeep: what the loop does by the way.</summary>
public class HousekeepingTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void It_is_called_every_period_until_it_is_disposed()
    {
        _run.Run(async () =>
        {
            IDisposable chore = CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(2), () => _run.At("swept"));
            await Bodies.SleepFor(5);
            chore.Dispose();
            chore.Dispose();
            await Bodies.SleepFor(5);
        });
        _run.Log.Expect("2 swept", "4 swept");
        Assert.Equal(VirtualRun.Seconds(10), _run.Clock.Elapsed);
    }

    [Fact]
    public void It_keeps_no_run_alive()
    {
        _run.Run(() =>
        {
            CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () => _run.At("swept"));
            return Task.CompletedTask;
        });
        _run.Log.Expect();
    }

    [Fact]
    public void It_hides_no_deadlock()
    {
        WaitQueue queue = new("a thing that nobody gives");
        Assert.Throws<DeadlockException>(() => _run.Run(async () =>
        {
            CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () => _run.At("swept"));
            await Bodies.SleepFor(1.5);
            await queue.WaitAsync();
        }));
        _run.Log.Expect("1 swept");
        Assert.Equal(VirtualRun.Seconds(1.5), _run.Clock.Elapsed);
    }

    [Fact]
    public void It_does_not_begin_the_patience_with_a_likely_deadlock_anew()
    {
        int swept = 0;
        WaitQueue queue = new("a thing that nobody gives");
        // In a method that main has called: the loop can't be sure, and waits in real time.
        SchedulerOptions options = new() { HandleSignals = false, DeadlockPatience = TimeSpan.FromMilliseconds(100), ErrorOutput = TextWriter.Null };
        Assert.Throws<DeadlockException>(() => CoroutineScheduler.Run(
            async () =>
            {
                CoroutineScheduler.Current.Housekeep(TimeSpan.FromMilliseconds(5), () => swept++);
                await Inner();
            },
            options));
        Assert.True(swept > 0);

        async Task Inner() => await queue.WaitAsync();
    }

    [Fact]
    public void It_wakes_the_loop_where_nothing_else_will()
    {
        Coroutine? main = null;
        int swept = 0;
        Assert.Throws<CoroutineKilledException>(() => CoroutineScheduler.Run(async () =>
        {
            main = Coroutine.Current;
            CoroutineScheduler.Current.Housekeep(TimeSpan.FromMilliseconds(1), () =>
            {
                if (++swept == 3)
                    main.Kill();
            });
            await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
        }));
        // At least: another may come due before the killed one has gone.
        Assert.True(swept >= 3);
    }

    [Fact]
    public void It_is_called_while_there_is_always_something_ready()
    {
        bool swept = false;
        CoroutineScheduler.Run(
            async () =>
            {
                CoroutineScheduler.Current.Housekeep(TimeSpan.FromMilliseconds(1), () => swept = true);
                while (!swept)
                    await Coroutine.Yield();
            },
            new SchedulerOptions { HandleSignals = false });
        Assert.True(swept);
    }

    [Fact]
    public void What_it_throws_is_reported_and_it_goes_on()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () => throw new InvalidOperationException("broom"));
            await Bodies.SleepFor(2.5);
        });
        _run.Reports.Expect("callback of nobody: broom", "callback of nobody: broom");
    }

    [Fact]
    public void One_that_comes_too_late_does_not_catch_up()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () => _run.At("swept"));
            _run.Clock.Advance(VirtualRun.Seconds(3.5));
            await Bodies.SleepFor(2);
        });
        _run.Log.Expect("3.5 swept", "4.5 swept", "5.5 swept");
    }

    [Fact]
    public void It_may_end_itself_and_begin_another()
    {
        _run.Run(async () =>
        {
            IDisposable? chore = null;
            chore = CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () =>
            {
                _run.At("first");
                chore!.Dispose();
                CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(2), () => _run.At("second"));
            });
            await Bodies.SleepFor(4);
        });
        _run.Log.Expect("1 first", "3 second");
    }

    [Fact]
    public void It_may_be_ended_by_another_thread() => CoroutineScheduler.Run(
        async () =>
        {
            int swept = 0;
            IDisposable chore = CoroutineScheduler.Current.Housekeep(TimeSpan.FromMilliseconds(1), () => swept++);
            Thread thread = new(chore.Dispose);
            thread.Start();
            thread.Join();
            await Coroutine.Yield();
            int before = swept;
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(10));
            Assert.Equal(before, swept);
        },
        new SchedulerOptions { HandleSignals = false });

    [Fact]
    public void Ended_by_another_thread_it_is_not_called_though_the_loop_has_not_heard_of_it_yet()
    {
        _run.Run(async () =>
        {
            IDisposable chore = null!;
            // Of the same moment and before it, so that no post comes between.
            CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () =>
            {
                Thread thread = new(chore.Dispose);
                thread.Start();
                thread.Join();
            });
            chore = CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () => _run.At("swept"));
            await Bodies.SleepFor(2.5);
        });
        _run.Log.Expect();
    }

    [Fact]
    public void It_has_no_coroutine_and_leaks_no_AsyncLocal()
    {
        AsyncLocal<int> local = new();
        _run.Run(async () =>
        {
            CoroutineScheduler.Current.Housekeep(VirtualRun.Seconds(1), () =>
            {
                _run.Log.Add($"{Coroutine.CurrentOrNull?.Name ?? "nobody"} {local.Value}");
                local.Value = 7;
            });
            await Bodies.SleepFor(2.5);
        });
        _run.Log.Expect("nobody 0", "nobody 0");
    }

    [Fact]
    public void Wrong_use_is_told()
    {
        _run.Run(() =>
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Housekeep(TimeSpan.FromTicks(1), () => { }));
            Assert.Throws<ArgumentNullException>(() => scheduler.Housekeep(VirtualRun.Seconds(1), null!));
            Exception? error = null;
            Thread thread = new(() => error = Record.Exception(() => scheduler.Housekeep(VirtualRun.Seconds(1), () => { })));
            thread.Start();
            thread.Join();
            Assert.IsType<InvalidOperationException>(error);
            return Task.CompletedTask;
        });
    }
}
