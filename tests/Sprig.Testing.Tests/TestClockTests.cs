using Sprig.Scheduling;
using Xunit;

namespace Sprig.Testing.Tests;

public class TestClockTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void It_jumps_to_the_next_deadline_and_no_further() => Run(async clock =>
    {
        List<double> times = [];
        Coroutine[] sleepers = [.. new[] { 3.0, 1, 2 }.Select(seconds => Coroutine.Spawn(async () =>
        {
            await Coroutine.Sleep(TimeSpan.FromSeconds(seconds));
            times.Add(clock.Elapsed.TotalSeconds);
        }))];
        await Coroutine.JoinAll(sleepers);
        Assert.Equal([1, 2, 3], times);
    });

    [Fact]
    public void A_year_passes_at_once() => Run(async clock =>
    {
        await Coroutine.Sleep(TimeSpan.FromDays(365));
        Assert.Equal(TimeSpan.FromDays(365), clock.Elapsed);
    });

    [Fact]
    public void It_starts_when_it_is_told_and_shows_the_date_of_its_time()
    {
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new TestClock().GetUtcNow());
        DateTimeOffset start = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
        TestClock clock = new(start);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(start.AddHours(2), clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.GetLocalNow().Offset);
    }

    [Fact]
    public void Advance_moves_on_by_hand_as_if_a_step_had_taken_so_long() => Run(async clock =>
    {
        MonotonicTime before = MonotonicTime.Now;
        clock.Advance(s_second);
        Assert.Equal(s_second, MonotonicTime.Now - before);
        Assert.Equal(clock.Now, MonotonicTime.Now);
        await Coroutine.Sleep(s_second);
        Assert.Equal(2 * s_second, clock.Elapsed);
    });

    [Fact]
    public void Time_never_goes_back()
    {
        TestClock clock = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(-s_second));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.AdvanceTo(clock.GetTimestamp() - 1));
        Assert.Equal(TimeSpan.Zero, clock.Elapsed);
    }

    [Fact]
    public void A_timer_that_advances_the_clock_itself_does_not_turn_it_back()
    {
        TestClock clock = new();
        using ITimer timer = clock.CreateTimer(_ => clock.Advance(10 * s_second), null, s_second, Timeout.InfiniteTimeSpan);
        clock.Advance(2 * s_second);
        Assert.Equal(11 * s_second, clock.Elapsed);
    }

    [Fact]
    public void Task_Delay_of_foreign_code_goes_by_it() => Run(async clock =>
    {
        await Task.Delay(TimeSpan.FromHours(1), clock);
        Assert.Equal(TimeSpan.FromHours(1), clock.Elapsed);
    });

    [Fact]
    public void A_token_source_of_foreign_code_goes_by_it() => Run(async clock =>
    {
        using CancellationTokenSource source = new(TimeSpan.FromMinutes(5), clock);
        TaskCompletionSource cancelled = new();
        using CancellationTokenRegistration registration = source.Token.Register(cancelled.SetResult);
        await cancelled.Task;
        Assert.Equal(TimeSpan.FromMinutes(5), clock.Elapsed);
    });

    [Fact]
    public void Sleeps_and_foreign_timers_come_in_the_order_of_their_time() => Run(async clock =>
    {
        List<string> order = [];
        Coroutine sleeper = Coroutine.Spawn(async () =>
        {
            await Coroutine.Sleep(s_second);
            order.Add("sleep 1");
            await Coroutine.Sleep(2 * s_second);
            order.Add("sleep 3");
        });
        await Task.Delay(2 * s_second, clock);
        order.Add("delay 2");
        await Task.Delay(2 * s_second, clock);
        order.Add("delay 4");
        await sleeper;
        Assert.Equal(["sleep 1", "delay 2", "sleep 3", "delay 4"], order);
    });

    [Fact]
    public void A_timer_fires_once_at_its_time_with_its_state()
    {
        TestClock clock = new();
        List<object?> fired = [];
        using ITimer timer = clock.CreateTimer(fired.Add, "state", s_second, Timeout.InfiniteTimeSpan);
        clock.Advance(s_second - TimeSpan.FromTicks(1));
        Assert.Empty(fired);
        clock.Advance(TimeSpan.FromTicks(1));
        clock.Advance(10 * s_second);
        Assert.Equal(["state"], fired);
    }

    [Fact]
    public void A_periodic_timer_fires_at_each_of_its_times_in_one_jump()
    {
        TestClock clock = new();
        List<double> fired = [];
        using ITimer timer = clock.CreateTimer(_ => fired.Add(clock.Elapsed.TotalSeconds), null, s_second, 2 * s_second);
        clock.Advance(6 * s_second);
        Assert.Equal([1, 3, 5], fired);
        Assert.Equal(6 * s_second, clock.Elapsed);
    }

    [Fact]
    public void Timers_of_the_same_time_fire_in_the_order_they_were_set()
    {
        TestClock clock = new();
        List<int> fired = [];
        ITimer[] timers = [.. Enumerable.Range(0, 10).Select(i => clock.CreateTimer(_ => fired.Add(i), null, s_second, Timeout.InfiniteTimeSpan))];
        clock.Advance(s_second);
        Assert.Equal(Enumerable.Range(0, 10), fired);
        Assert.All(timers, timer => timer.Dispose());
    }

    [Fact]
    public void A_timer_that_is_changed_forgets_its_old_time()
    {
        TestClock clock = new();
        List<double> fired = [];
        using ITimer timer = clock.CreateTimer(_ => fired.Add(clock.Elapsed.TotalSeconds), null, s_second, s_second);
        Assert.True(timer.Change(3 * s_second, Timeout.InfiniteTimeSpan));
        clock.Advance(10 * s_second);
        Assert.Equal([3], fired);
        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, s_second));
        clock.Advance(10 * s_second);
        Assert.Equal([3], fired);
    }

    [Fact]
    public async Task A_timer_that_was_disposed_fires_no_more_and_cannot_be_set()
    {
        TestClock clock = new();
        int fired = 0;
        ITimer timer = clock.CreateTimer(_ => fired++, null, s_second, s_second);
        clock.Advance(s_second);
        await timer.DisposeAsync();
        Assert.False(timer.Change(s_second, s_second));
        clock.Advance(10 * s_second);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_periodic_timer_may_dispose_itself()
    {
        TestClock clock = new();
        int fired = 0;
        ITimer? timer = null;
        timer = clock.CreateTimer(
            _ =>
            {
                if (++fired == 3)
                    timer!.Dispose();
            },
            null, s_second, s_second);
        clock.Advance(10 * s_second);
        Assert.Equal(3, fired);
    }

    [Fact]
    public void The_next_due_time_skips_timers_that_are_void()
    {
        TestClock clock = new();
        Assert.Equal(long.MaxValue, clock.NextDue);
        ITimer gone = clock.CreateTimer(_ => { }, null, s_second, Timeout.InfiniteTimeSpan);
        using ITimer moved = clock.CreateTimer(_ => { }, null, 2 * s_second, Timeout.InfiniteTimeSpan);
        Assert.Equal((clock.Now + s_second).Nanoseconds, clock.NextDue);
        gone.Dispose();
        moved.Change(5 * s_second, Timeout.InfiniteTimeSpan);
        Assert.Equal((clock.Now + 5 * s_second).Nanoseconds, clock.NextDue);
        moved.Dispose();
        Assert.Equal(long.MaxValue, clock.NextDue);
    }

    [Fact]
    public void Timestamps_count_nanoseconds()
    {
        TestClock clock = new();
        long before = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(1000, clock.GetTimestamp() - before);
        Assert.Equal(TimeSpan.FromMicroseconds(1), clock.GetElapsedTime(before));
    }

    private static void Run(Func<TestClock, Task> body)
    {
        TestClock clock = new() { Patience = TimeSpan.FromMilliseconds(1) };
        CoroutineScheduler.Run(() => body(clock), new SchedulerOptions { Clock = clock });
    }
}
