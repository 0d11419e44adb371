using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class YieldAwaitableTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_yield_lets_everything_that_is_ready_run_once()
    {
        _run.Run(async () =>
        {
            foreach (string name in (string[])["a", "b"])
            {
                _ = Coroutine.Spawn(async () =>
                {
                    for (int i = 1; i <= 3; i++)
                    {
                        _run.Log.Add($"{name}{i}");
                        await Coroutine.Yield();
                    }
                });
            }

            for (int i = 1; i <= 3; i++)
            {
                await Coroutine.Yield();
                _run.Log.Add($"main{i}");
            }
        });
        _run.Log.Expect("a1", "b1", "main1", "a2", "b2", "main2", "a3", "b3", "main3");
    }

    [Fact]
    public void A_loop_of_yields_starves_no_timer()
    {
        int yields = 0;
        _run.Run(async () =>
        {
            Coroutine sleeper = Coroutine.Spawn(() => Bodies.SleepFor(1));
            while (sleeper.IsAlive)
            {
                _run.Clock.Advance(VirtualRun.Seconds(0.125));
                yields++;
                await Coroutine.Yield();
            }
        });
        Assert.InRange(yields, 9, 11);
    }

    [Fact]
    public void A_loop_of_yields_starves_no_timer_on_the_real_clock_either()
    {
        CoroutineScheduler.Run(
            async () =>
            {
                Coroutine sleeper = Coroutine.Spawn(async () => await Coroutine.Sleep(TimeSpan.FromMilliseconds(1)));
                while (sleeper.IsAlive)
                    await Coroutine.Yield();
            },
            new SchedulerOptions { HandleSignals = false });
    }

    [Fact]
    public void A_loop_of_yields_starves_no_post()
    {
        _run.Run(async () =>
        {
            CoroutineScheduler scheduler = CoroutineScheduler.Current;
            bool posted = false;
            Thread thread = new(() => scheduler.Post(() => posted = true));
            thread.Start();
            while (!posted)
                await Coroutine.Yield();
            thread.Join();
        });
    }

    [Fact]
    public void Outside_of_a_coroutine_there_is_nothing_to_yield()
        => Assert.Contains("No scheduler runs", Assert.Throws<InvalidOperationException>(() => { Coroutine.Yield(); }).Message, StringComparison.Ordinal);

    [Fact]
    public void After_a_long_step_timers_come_before_the_second_yield_is_over() => CoroutineScheduler.Run(
        async () =>
        {
            // Ticks are short here, so that the loop has made its looks rare.
            for (int i = 0; i < 100; i++)
                await Coroutine.Yield();
            Coroutine sleeper = Coroutine.Spawn(async () => await Coroutine.Sleep(TimeSpan.FromMilliseconds(1)));
            await Coroutine.Yield();
            // Longer than the coarsest tick of a kernel, 10 ms.
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            while (System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(12))
                Thread.SpinWait(100);
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.False(sleeper.IsAlive);
        },
        new SchedulerOptions { HandleSignals = false });
}
