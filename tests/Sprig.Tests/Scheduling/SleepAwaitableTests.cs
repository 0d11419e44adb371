using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class SleepAwaitableTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Sleeps_end_in_the_order_of_their_deadlines_and_equal_ones_in_the_order_they_were_set()
    {
        _run.Run(async () =>
        {
            MonotonicTime start = MonotonicTime.Now;
            await Coroutine.JoinAll(
                Spawn("a", () => Coroutine.Sleep(VirtualRun.Seconds(2))),
                Spawn("b", () => Coroutine.Sleep(VirtualRun.Seconds(1))),
                Spawn("c", () => Coroutine.SleepUntil(start + VirtualRun.Seconds(2))),
                Spawn("d", () => Coroutine.Sleep(VirtualRun.Seconds(1))),
                Spawn("e", () => Coroutine.Sleep(VirtualRun.Seconds(2))));
        });
        _run.Log.Expect("1 b", "1 d", "2 a", "2 c", "2 e");

        Coroutine Spawn(string name, Func<SleepAwaitable> sleep) => Coroutine.Spawn(async () =>
        {
            await sleep();
            _run.At(name);
        });
    }

    [Fact]
    public void A_zero_sleep_and_a_moment_that_is_over_yield()
    {
        _run.Run(async () =>
        {
            for (int i = 0; i < 2; i++)
            {
                Coroutine child = Coroutine.Spawn(() =>
                {
                    _run.Log.Add("child");
                    return Task.CompletedTask;
                });
                await (i == 0 ? Coroutine.Sleep(TimeSpan.Zero) : Coroutine.SleepUntil(new MonotonicTime(1)));
                _run.Log.Add("main");
                await child;
            }
        });
        _run.Log.Expect("child", "main", "child", "main");
        Assert.Equal(TimeSpan.Zero, _run.Clock.Elapsed);
    }

    [Fact]
    public void A_negative_sleep_is_refused_where_it_is_made() => _run.Run(() =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => { Coroutine.Sleep(TimeSpan.FromTicks(-1)); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { Coroutine.Sleep(VirtualRun.Seconds(-5)); });
        return Task.CompletedTask;
    });

    [Fact]
    public void An_infinite_sleep_waits_until_killed()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () => await Coroutine.Sleep(Timeout.InfiniteTimeSpan));
            Coroutine longest = Coroutine.Spawn(async () => await Coroutine.Sleep(TimeSpan.MaxValue));
            await Bodies.SleepFor(1_000_000);
            await child.KillAsync();
            await longest.KillAsync();
            _run.At($"{child.State} {longest.State}");
        });
        _run.Log.Expect("1000000 Killed Killed");
    }

    [Fact]
    public void The_span_counts_from_now_not_from_the_ticks_start_and_is_never_less()
    {
        _run.Run(async () =>
        {
            _run.Clock.Advance(VirtualRun.Seconds(10));
            await Bodies.SleepFor(1);
            _run.At("woken");
            SleepAwaitable made = Coroutine.Sleep(VirtualRun.Seconds(5));
            await Bodies.SleepFor(2);
            await made;
            _run.At("the moment is fixed when it is made");
            await made;
            _run.At("and it may be awaited again");
        });
        _run.Log.Expect("11 woken", "16 the moment is fixed when it is made", "16 and it may be awaited again");
    }

    [Fact]
    public void As_a_value_task_it_begins_at_once_and_combines()
    {
        _run.Run(async () =>
        {
            Task one = Coroutine.Sleep(VirtualRun.Seconds(1)).AsValueTask().AsTask();
            Task two = Coroutine.Sleep(VirtualRun.Seconds(2)).AsValueTask().AsTask();
            Assert.Same(one, await Task.WhenAny(one, two));
            _run.At("one");
            await Task.WhenAll(one, two);
            _run.At("both");
        });
        _run.Log.Expect("1 one", "2 both");
    }

    [Fact]
    public void A_thousand_coroutines_blink_for_an_hour_of_virtual_time()
    {
        int[] blinks = new int[1000];
        _run.Run(async () =>
        {
            for (int i = 0; i < blinks.Length; i++)
            {
                int number = i;
                TimeSpan period = VirtualRun.Seconds(1 + number % 3);
                _ = Coroutine.Spawn(async () =>
                {
                    while (true)
                    {
                        await Coroutine.Sleep(period);
                        blinks[number]++;
                    }
                }, new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            }

            await Coroutine.Sleep(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(500));
        });
        Assert.All(blinks.Index(), blink => Assert.Equal(3600 / (1 + blink.Index % 3), blink.Item));
        Assert.Equal(3600.5, _run.Clock.Elapsed.TotalSeconds);
    }
}
