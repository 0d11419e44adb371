using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class DeadlineTests
{
    private readonly Scenario _scene = new();

    [Fact]
    public void Deadlines_nest_and_each_catcher_sees_its_own()
    {
        _scene.Run(async () =>
        {
            using Deadline outer = Deadline.After(Scenario.Seconds(3));
            for (int i = 0; i < 2; i++)
            {
                using Deadline inner = Deadline.After(Scenario.Seconds(2));
                DeadlineExceededException error = await Assert.ThrowsAsync<DeadlineExceededException>(() => SleepForEver());
                _scene.At(error.Deadline == inner ? "inner" : error.Deadline == outer ? "outer" : "neither");
            }
        });
        _scene.Log.Expect("2 inner", "3 outer");
    }

    [Fact]
    public void A_silent_one_aborts_its_block_and_goes_on_after_it()
    {
        _scene.Run(async () =>
        {
            bool inTime = await Deadline.TryRunAsync(Scenario.Seconds(1), async () =>
            {
                await SleepForEver();
                _scene.Log.Add("never");
            });
            _scene.At($"{inTime}");
            _scene.At($"{await Deadline.TryRunAsync(Scenario.Seconds(9), async () => await Scenario.Sleep(1))}");
        });
        _scene.Log.Expect("1 False", "2 True");
    }

    [Fact]
    public void A_silent_one_does_not_catch_the_deadline_around_it()
    {
        _scene.Run(async () =>
        {
            bool outer = await Deadline.TryRunAsync(Scenario.Seconds(1), async () =>
            {
                await Deadline.TryRunAsync(Scenario.Seconds(2), SleepForEver);
                _scene.Log.Add("never");
            });
            _scene.At($"outer {outer}");
        });
        _scene.Log.Expect("1 outer False");
    }

    [Fact]
    public void When_both_pass_in_one_tick_the_outer_one_is_told_first_since_it_ends_the_inner_block_too()
    {
        _scene.Run(async () =>
        {
            bool outer = await Deadline.TryRunAsync(Scenario.Seconds(1), async () =>
            {
                _scene.At($"inner {await Deadline.TryRunAsync(Scenario.Seconds(1), async () =>
                {
                    _scene.Clock.Advance(Scenario.Seconds(2));
                    await SleepForEver();
                })}");
            });
            _scene.At($"outer {outer}");
        });
        _scene.Log.Expect("2 outer False");
    }

    [Fact]
    public void The_time_is_looked_up_when_the_deadline_is_set_not_at_the_ticks_start()
    {
        _scene.Run(async () =>
        {
            // A long step.
            _scene.Clock.Advance(Scenario.Seconds(5));
            _scene.At($"{await Deadline.TryRunAsync(Scenario.Seconds(1), SleepForEver)}");
        });
        _scene.Log.Expect("6 False");
    }

    [Fact]
    public void A_block_that_was_left_in_time_hears_nothing_of_it_afterwards() => _scene.Run(async () =>
    {
        using (Deadline.After(Scenario.Seconds(1)))
            await Coroutine.Yield();
        await Scenario.Sleep(5);
    });

    [Fact]
    public void One_that_passed_without_a_wait_in_its_block_is_void_when_the_block_is_left() => _scene.Run(async () =>
    {
        using (Deadline deadline = Deadline.After(Scenario.Seconds(1)))
            _scene.Clock.Advance(Scenario.Seconds(2));
        await Scenario.Sleep(1);
    });

    [Fact]
    public void It_is_thrown_once_and_the_clean_up_may_wait()
    {
        _scene.Run(async () =>
        {
            using Deadline deadline = Deadline.After(Scenario.Seconds(1));
            await Assert.ThrowsAsync<DeadlineExceededException>(() => SleepForEver());
            await Scenario.Sleep(5);
            _scene.At($"{deadline.HasPassed}");
        });
        _scene.Log.Expect("6 True");
    }

    [Fact]
    public void A_deadline_of_zero_ends_the_first_wait_and_lets_what_needs_none_happen() => _scene.Run(async () =>
    {
        AsyncQueue<int> queue = new();
        queue.PutNoWait(1);
        using (Deadline.After(TimeSpan.Zero))
        {
            Assert.Equal(1, await queue.GetAsync());
            await Assert.ThrowsAsync<DeadlineExceededException>(async () => await queue.GetAsync());
        }

        Assert.Equal(0, queue.GetStatistics.Waiters);
    });

    [Fact]
    public void A_kill_and_a_deadline_in_one_tick_is_a_kill()
    {
        _scene.Run(async () =>
        {
            Coroutine a = _scene.Go("a", () => Deadline.TryRunAsync(Scenario.Seconds(1), SleepForEver));
            await Coroutine.Yield();
            a.Kill();
            _scene.Clock.Advance(Scenario.Seconds(2));
            await a.JoinAsync();
            Assert.Equal(CoroutineState.Killed, a.State);
        });
        _scene.Log.Expect("a killed");
    }

    [Fact]
    public void It_belongs_to_its_coroutine_and_not_to_those_that_are_spawned_in_it()
    {
        _scene.Run(async () =>
        {
            Coroutine? child = null;
            await Deadline.TryRunAsync(Scenario.Seconds(1), async () =>
            {
                child = Coroutine.Spawn(async () => await Scenario.Sleep(5));
                await SleepForEver();
            });
            Assert.True(child!.IsAlive);
            await child;
            _scene.At("child ended");
        });
        _scene.Log.Expect("5 child ended");
    }

    [Fact]
    public void A_negative_one_is_an_error_at_once() => _scene.Run(() =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(Scenario.Seconds(-2)));
        return Task.CompletedTask;
    });

    private static async Task SleepForEver() => await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
}
