using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class TickerTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Ticks_do_not_drift_however_long_the_work_between_them_takes()
    {
        _run.Run(async () =>
        {
            Ticker ticker = new(VirtualRun.Seconds(1));
            for (int i = 1; i <= 100; i++)
            {
                Tick tick = await ticker.NextAsync();
                Assert.Equal(new Tick(i, _run.Clock.Now, TimeSpan.Zero, 0), tick);
                Assert.Equal(VirtualRun.Seconds(i), _run.Clock.Elapsed);
                await Bodies.SleepFor(0.0007 * i);
            }

            Assert.Equal(0, ticker.TotalMissed);
        });
    }

    [Fact]
    public void Missed_ticks_are_counted_and_the_latest_one_due_is_given_with_its_lateness()
    {
        _run.Run(async () =>
        {
            Ticker ticker = new(VirtualRun.Seconds(1));
            foreach (double work in (double[])[0, 0.25, 1.75, 3.5, 0, 2])
            {
                Tick tick = await ticker.NextAsync();
                _run.At($"#{tick.Index} missed {tick.Missed} late {tick.Lateness.TotalSeconds} total {ticker.TotalMissed}");
                _run.Clock.Advance(VirtualRun.Seconds(work));
            }
        });
        _run.Log.Expect(
            "1 #1 missed 0 late 0 total 0",
            "2 #2 missed 0 late 0 total 0",
            "3 #3 missed 0 late 0 total 0",
            "4.75 #4 missed 0 late 0.75 total 0",
            "8.25 #8 missed 3 late 0.25 total 3",
            "9 #9 missed 0 late 0 total 3");
    }

    [Fact]
    public void A_tick_that_is_exactly_due_counts_those_before_it_as_missed()
    {
        _run.Run(async () =>
        {
            Ticker ticker = new(VirtualRun.Seconds(1));
            _run.Clock.Advance(VirtualRun.Seconds(2));
            Tick tick = await ticker.NextAsync();
            Assert.Equal(new Tick(2, _run.Clock.Now, TimeSpan.Zero, 1), tick);
            Assert.Equal(VirtualRun.Seconds(2), _run.Clock.Elapsed);
        });
    }

    [Fact]
    public void A_start_in_the_past_or_in_the_future_keeps_its_phase() => _run.Run(async () =>
    {
        Ticker past = new(VirtualRun.Seconds(1), _run.Clock.Now - VirtualRun.Seconds(2.75));
        Tick tick = await past.NextAsync();
        Assert.Equal((2, 1, VirtualRun.Seconds(0.75)), (tick.Index, tick.Missed, tick.Lateness));
        Assert.Equal(TimeSpan.Zero, _run.Clock.Elapsed);
        tick = await past.NextAsync();
        Assert.Equal((3, 0, TimeSpan.Zero), (tick.Index, tick.Missed, tick.Lateness));
        Assert.Equal(VirtualRun.Seconds(0.25), _run.Clock.Elapsed);
        Ticker future = new(VirtualRun.Seconds(1), _run.Clock.Now + VirtualRun.Seconds(10));
        tick = await future.NextAsync();
        Assert.Equal((1, 0, TimeSpan.Zero), (tick.Index, tick.Missed, tick.Lateness));
        Assert.Equal(VirtualRun.Seconds(11.25), _run.Clock.Elapsed);
    });

    [Fact]
    public void A_wait_that_throws_has_taken_no_tick()
    {
        _run.Run(async () =>
        {
            Ticker ticker = new(VirtualRun.Seconds(2));
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await ticker.NextAsync()));
            _run.At($"#{(await ticker.NextAsync()).Index}");
            // The deadline and the tick fall on the same moment: the tick is delivered or stays.
            bool got = false;
            await Deadline.TryRunAsync(VirtualRun.Seconds(2), async () =>
            {
                Tick tick = await ticker.NextAsync();
                got = true;
                _run.At($"#{tick.Index}");
            });
            Assert.False(got);
            _run.At($"#{(await ticker.NextAsync()).Index}");
        });
        _run.Log.Expect("2 #1", "4 #2");
    }

    [Fact]
    public void A_killed_waiter_takes_no_tick_and_another_may_go_on()
    {
        _run.Run(async () =>
        {
            Ticker ticker = new(VirtualRun.Seconds(1));
            Coroutine first = Coroutine.Spawn(async () => await ticker.NextAsync());
            await Bodies.SleepFor(0.5);
            await first.KillAsync();
            _run.At($"#{(await ticker.NextAsync()).Index}");
        });
        _run.Log.Expect("1 #1");
    }

    [Fact]
    public void One_coroutine_at_a_time() => _run.Run(async () =>
    {
        Ticker ticker = new(VirtualRun.Seconds(1));
        // The second's timer is set first, so on the tick it runs while the first has its tick but has not run yet.
        Coroutine second = Coroutine.Spawn(async () =>
        {
            await Bodies.SleepFor(1);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await ticker.NextAsync());
        });
        Coroutine first = Coroutine.Spawn(async () => Assert.Equal(1, (await ticker.NextAsync()).Index));
        await Coroutine.Yield();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ticker.NextAsync());
        await first;
        await second;
        Assert.Equal(2, (await ticker.NextAsync()).Index);
    });

    [Fact]
    public void A_tick_awaited_twice_fails_loudly() => _run.Run(async () =>
    {
        Ticker ticker = new(VirtualRun.Seconds(1));
        ValueTask<Tick> next = ticker.NextAsync();
#pragma warning disable CA2012 // That is the point.
        await next;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await next);
#pragma warning restore CA2012
    });

    [Fact]
    public void Too_short_a_period_is_refused() => _run.Run(() =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ticker(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ticker(TimeSpan.FromTicks(9)));
        Assert.Equal(TimeSpan.FromMicroseconds(1), new Ticker(TimeSpan.FromMicroseconds(1)).Period);
        return Task.CompletedTask;
    });
}
