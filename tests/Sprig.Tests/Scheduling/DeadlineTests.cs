using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class DeadlineTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_deadline_throws_out_of_the_wait_that_it_finds_once()
    {
        _run.Run(async () =>
        {
            using Deadline deadline = Deadline.After(VirtualRun.Seconds(1));
            DeadlineExceededException error = await Assert.ThrowsAsync<DeadlineExceededException>(() => Bodies.SleepFor(5));
            _run.At($"{error.Deadline == deadline} {deadline.HasPassed} {deadline.Length}");
            await Bodies.SleepFor(5);
            _run.At("went on inside the block");
        });
        _run.Log.Expect("1 True True 00:00:01", "6 went on inside the block");
    }

    [Fact]
    public void A_silent_one_aborts_its_block_and_goes_on_after_it()
    {
        _run.Run(async () =>
        {
            _run.At($"{await Deadline.TryRunAsync(VirtualRun.Seconds(2), () => Bodies.SleepFor(1))}");
            _run.At($"{await Deadline.TryRunAsync(VirtualRun.Seconds(2), () => Bodies.SleepFor(5))}");
            await Assert.ThrowsAsync<InvalidOperationException>(() => Deadline.TryRunAsync(VirtualRun.Seconds(2), () => Bodies.FailAfter(1, "broken")));
            await Deadline.RunAsync(VirtualRun.Seconds(2), () => Bodies.SleepFor(1));
            await Assert.ThrowsAsync<DeadlineExceededException>(() => Deadline.RunAsync(VirtualRun.Seconds(2), () => Bodies.SleepFor(5)));
            _run.At("end");
        });
        _run.Log.Expect("1 True", "3 False", "7 end");
    }

    [Theory]
    [InlineData(1, 2, "1 inner", "2 outer")]
    [InlineData(2, 1, "1 outer")]
    [InlineData(1, 1, "1 outer")]
    [InlineData(3, 3, "3 outer")]
    public void Deadlines_nest_and_each_catcher_sees_its_own(double inner, double outer, params string[] expected)
    {
        _run.Run(async () =>
        {
            bool outerInTime = await Deadline.TryRunAsync(VirtualRun.Seconds(outer), async () =>
            {
                if (!await Deadline.TryRunAsync(VirtualRun.Seconds(inner), Bodies.SleepForEver))
                    _run.At("inner");
                await Bodies.SleepForEver();
            });
            Assert.False(outerInTime);
            _run.At("outer");
        });
        _run.Log.Expect(expected);
    }

    [Fact]
    public void An_inner_and_an_outer_one_that_pass_on_the_same_tick_are_both_delivered()
    {
        _run.Run(async () =>
        {
            // The clock leaps over both: the inner, due first, finds the wait; the outer must not be lost.
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(0.5), () =>
            {
                _run.Clock.Advance(VirtualRun.Seconds(10));
                return Task.CompletedTask;
            });
            bool outer = await Deadline.TryRunAsync(VirtualRun.Seconds(2), async () =>
            {
                bool inner = await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Bodies.SleepFor(100));
                _run.At($"inner {inner}");
                await Bodies.SleepFor(100);
                _run.At("not reached");
            });
            _run.At($"outer {outer}");
        });
        _run.Log.Expect("10.5 inner False", "10.5 outer False");
    }

    [Fact]
    public void A_deadline_due_while_not_waiting_is_thrown_at_the_next_wait()
    {
        _run.Run(async () =>
        {
            foreach (Func<Task> wait in (Func<Task>[])[() => Bodies.SleepFor(5), async () => await Coroutine.Yield(), async () => await new WaitQueue("q").WaitAsync()])
            {
                bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () =>
                {
                    _run.Clock.Advance(VirtualRun.Seconds(2));
                    _run.At("still in the step");
                    await wait();
                });
                _run.At($"{inTime}");
            }
        });
        _run.Log.Expect("2 still in the step", "2 False", "4 still in the step", "4 False", "6 still in the step", "6 False");
    }

    [Fact]
    public void A_deadline_that_passed_in_a_yield_with_a_wait_left_behind_is_thrown_at_the_yield()
    {
        _run.Run(async () =>
        {
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(2), async () =>
            {
                Task leftBehind = Bodies.SleepFor(100);
                await Task.WhenAny(leftBehind, Bodies.SleepFor(1));
                _run.Clock.Advance(VirtualRun.Seconds(2));
                await Coroutine.Yield();
                await Bodies.SleepFor(1);
                _run.At("not reached");
            });
            _run.At($"{inTime}");
        });
        _run.Log.Expect("3 False");
    }

    [Fact]
    public void Disposed_before_it_was_thrown_it_is_void()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource foreign = new();
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(2), () =>
            {
                foreign.SetResult();
                return Task.CompletedTask;
            });
            using (Deadline deadline = Deadline.After(VirtualRun.Seconds(1)))
            {
                await foreign.Task;
                _run.At($"{deadline.HasPassed}");
                deadline.Dispose();
            }

            await Bodies.SleepFor(1);
            await Coroutine.Yield();
            using (Deadline.After(VirtualRun.Seconds(1)))
                await Coroutine.Yield();
            await Bodies.SleepFor(5);
            _run.At("undisturbed");
        });
        _run.Log.Expect("2 True", "8 undisturbed");
    }

    [Fact]
    public void The_time_is_looked_up_when_the_deadline_is_set_not_at_the_ticks_start()
    {
        _run.Run(async () =>
        {
            _run.Clock.Advance(VirtualRun.Seconds(10));
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(3), () => Bodies.SleepFor(2));
            _run.At($"{inTime}");
            inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(3), () => Bodies.SleepFor(4));
            _run.At($"{inTime}");
        });
        _run.Log.Expect("12 True", "15 False");
    }

    [Fact]
    public void Several_waits_at_once_inside_one_coroutine_are_all_ended()
    {
        _run.Run(async () =>
        {
            Task[] flows = [];
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), () =>
            {
                flows = [Bodies.SleepFor(5), Bodies.SleepFor(0.5), Bodies.SleepForEver()];
                return Task.WhenAll(flows);
            });
            _run.At($"{inTime} {string.Join(' ', flows.Select(flow => flow.Status))}");
        });
        _run.Log.Expect("1 False Faulted RanToCompletion Faulted");
    }

    [Fact]
    public void Waits_begun_before_the_deadline_are_not_its_own()
    {
        _run.Run(async () =>
        {
            Task outside = Bodies.SleepFor(3);
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Bodies.SleepFor(2)));
            _run.At($"{outside.IsCompleted}");
            await outside;
            _run.At("outside");
        });
        _run.Log.Expect("1 False", "3 outside");
    }

    [Fact]
    public void Infinite_ones_never_pass_and_negative_ones_are_refused() => _run.Run(async () =>
    {
        Assert.True(await Deadline.TryRunAsync(Timeout.InfiniteTimeSpan, () => Bodies.SleepFor(1_000_000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(VirtualRun.Seconds(-1)));
        Assert.False(await Deadline.TryRunAsync(TimeSpan.Zero, Bodies.SleepForEver));
        Assert.True(await Deadline.TryRunAsync(TimeSpan.Zero, () => Task.CompletedTask));
    });
}
