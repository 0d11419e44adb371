using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class ConditionTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncCondition _condition = new(name: "the condition");

    [Fact]
    public void A_waiter_lets_go_of_the_lock_and_holds_it_again_when_it_was_notified()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Waiter("a");
            await Coroutine.Yield();
            Assert.False(_condition.Lock.IsHeld);
            using (await _condition.Lock.AcquireAsync())
            {
                _condition.Notify();
                await Scenario.Sleep(1);
                _scene.At("main lets go");
            }

            await a;
        });
        _scene.Log.Expect("1 main lets go", "a holds True");
    }

    [Fact]
    public void A_notification_wakes_those_that_have_waited_longest_and_no_more()
    {
        _scene.Run(async () =>
        {
            Coroutine[] waiters = [.. "abc".Select(name => Waiter($"{name}"))];
            await Coroutine.Yield();
            await NotifyAsync(2);
            await Scenario.Sleep(1);
            Assert.Equal(1, _condition.Statistics.Waiters);
            using (await _condition.Lock.AcquireAsync())
                _condition.NotifyAll();
            await Coroutine.JoinAll(waiters);
        });
        _scene.Log.Expect("a holds True", "b holds True", "c holds True");
    }

    [Fact]
    public void A_notification_is_not_kept_for_those_that_come_later()
    {
        _scene.Run(async () =>
        {
            await NotifyAsync(1);
            using (await _condition.Lock.AcquireAsync())
                Assert.False(await _condition.WaitAsync(Scenario.Seconds(1)));
        });
        Assert.Equal(Scenario.Seconds(1), _scene.Clock.Elapsed);
    }

    [Fact]
    public void One_that_is_killed_while_it_waits_holds_the_lock_in_its_finally_and_using_works()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Waiter("a");
            await Coroutine.Yield();
            using (await _condition.Lock.AcquireAsync())
            {
                a.Kill();
                await Scenario.Sleep(1);
                Assert.True(a.IsAlive);
            }

            await a.JoinAsync();
            Assert.Equal(CoroutineState.Killed, a.State);
            Assert.False(_condition.Lock.IsHeld);
        });
        _scene.Log.Expect("a finally True", "a killed");
    }

    [Fact]
    public void One_whose_deadline_passes_holds_the_lock_again()
    {
        _scene.Run(async () =>
        {
            await _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), async () =>
            {
                using (await _condition.Lock.AcquireAsync())
                {
                    await Assert.ThrowsAsync<DeadlineExceededException>(async () => await _condition.WaitAsync());
                    _scene.At($"{_condition.Lock.IsHeldByCurrent}");
                }
            }));
            Assert.False(_condition.Lock.IsHeld);
        });
        _scene.Log.Expect("1 True", "a");
    }

    [Fact]
    public void One_that_was_notified_and_is_killed_before_it_runs_passes_the_notification_on()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Waiter("a");
            Coroutine b = Waiter("b");
            await Coroutine.Yield();
            await NotifyAsync(1);
            a.Kill();
            await Coroutine.JoinAll(a, b);
        });
        _scene.Log.Expect("a finally True", "a killed", "b holds True");
    }

    [Fact]
    public void One_that_was_notified_and_is_killed_while_it_waits_for_the_lock_gets_it_and_hears_of_the_kill_at_its_next_wait()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Waiter("a", then: 1);
            await Coroutine.Yield();
            using (await _condition.Lock.AcquireAsync())
            {
                _condition.Notify();
                await Scenario.Sleep(1);
                a.Kill();
                await Scenario.Sleep(1);
            }

            await a.JoinAsync();
        });
        _scene.Log.Expect("a holds True", "a finally True", "a killed");
    }

    [Fact]
    public void The_lock_comes_back_as_deep_as_it_was()
    {
        AsyncReentrantLock deep = new();
        AsyncCondition condition = new(deep);
        _scene.Run(async () =>
        {
            Coroutine a = _scene.Go("a", async () =>
            {
                using (await deep.AcquireAsync())
                {
                    using (await deep.AcquireAsync())
                    {
                        await condition.WaitAsync();
                        return deep.Depth;
                    }
                }
            });
            await Coroutine.Yield();
            using (await deep.AcquireAsync())
                condition.Notify();
            await a;
            Assert.False(deep.IsHeld);
        });
        _scene.Log.Expect("a 2");
    }

    [Fact]
    public void Waiting_until_something_holds_asks_with_the_lock_in_hand_until_it_does()
    {
        int stock = 0;
        _scene.Run(async () =>
        {
            Coroutine buyer = _scene.Go("buyer", async () =>
            {
                using (await _condition.Lock.AcquireAsync())
                {
                    await _condition.WaitUntilAsync(() => _condition.Lock.IsHeldByCurrent && stock >= 2);
                    return stock;
                }
            });
            for (int i = 0; i < 3; i++)
            {
                await Scenario.Sleep(1);
                stock++;
                await NotifyAsync(1);
            }

            await buyer;
        });
        _scene.Log.Expect("buyer 2");
    }

    [Fact]
    public void Without_the_lock_in_hand_neither_waiting_nor_notifying_works_and_the_error_says_so() => _scene.Run(async () =>
    {
        var error = await Assert.ThrowsAsync<SynchronizationLockException>(async () => await _condition.WaitAsync());
        Assert.Contains("AsyncCondition 'the condition'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SynchronizationLockException>(async () => await _condition.WaitUntilAsync(() => true));
        Assert.Throws<SynchronizationLockException>(() => _condition.Notify());
        Assert.Throws<SynchronizationLockException>(_condition.NotifyAll);
        Assert.Equal(0, _condition.Statistics.Waiters);
    });

    [Fact]
    public void Notifying_none_is_an_error() => _scene.Run(async () =>
    {
        using (await _condition.Lock.AcquireAsync())
            Assert.Throws<ArgumentOutOfRangeException>(() => _condition.Notify(0));
    });

    [Fact]
    public void One_that_can_not_have_its_lock_back_because_its_holder_ended_gets_that_error_and_no_other()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Waiter("a", seconds: 2);
            await Coroutine.Yield();
            Coroutine sloppy = Coroutine.Spawn(async () => await _condition.Lock.AcquireAsync());
            await sloppy.JoinAsync();
            Assert.IsType<AbandonedLockException>(sloppy.Exception);
            await a;
        });
        _scene.Log.Expect("a finally False", "a AbandonedLockException");
    }

    [Fact]
    public void Several_that_wait_to_have_it_back_as_its_holder_ends_get_that_error_and_no_other()
    {
        _scene.Run(async () =>
        {
            Coroutine[] waiters = [Waiter("a", cleanUp: 1), Waiter("b", cleanUp: 1)];
            await Coroutine.Yield();
            Coroutine sloppy = Coroutine.Spawn(async () =>
            {
                await _condition.Lock.AcquireAsync();
                _condition.NotifyAll();
                await Scenario.Sleep(1);
            });
            await sloppy.JoinAsync();
            Assert.IsType<AbandonedLockException>(sloppy.Exception);
            await Coroutine.JoinAll(waiters);
        });
        _scene.Log.Expect("a finally False", "b finally False", "a AbandonedLockException", "b AbandonedLockException");
    }

    [Fact]
    public void A_straggler_does_not_wait_for_the_lock_for_ever()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Waiter("a");
            await Coroutine.Yield();
            using (await _condition.Lock.AcquireAsync())
            {
                a.Kill(Scenario.Seconds(1));
                await Scenario.Sleep(2);
                Assert.False(a.IsAlive);
                Assert.True(_condition.Lock.IsHeldByCurrent);
            }
        });
        _scene.Log.Expect("a finally False", "a killed");
        _scene.Reports.Expect("straggler a");
    }

    private async Task NotifyAsync(int count)
    {
        using (await _condition.Lock.AcquireAsync())
            _condition.Notify(count);
    }

    /// <summary>Waits on the condition, then so many seconds with the lock in hand.</summary>
    private Coroutine Waiter(string name, double then = 0, double seconds = 0, double cleanUp = 0) => _scene.Go(name, async () =>
    {
        using (await _condition.Lock.AcquireAsync())
        {
            bool ended = false;
            try
            {
                await (seconds > 0 ? _condition.WaitAsync(Scenario.Seconds(seconds)).AsTask() : _condition.WaitAsync().AsTask());
                if (then > 0)
                {
                    _scene.Log.Add($"{name} holds {_condition.Lock.IsHeldByCurrent}");
                    await Scenario.Sleep(then);
                }

                ended = true;
                return $"holds {_condition.Lock.IsHeldByCurrent}";
            }
            finally
            {
                if (!ended)
                    _scene.Log.Add($"{name} finally {_condition.Lock.IsHeldByCurrent}");
                if (cleanUp > 0)
                    await Scenario.Sleep(cleanUp);
            }
        }
    });
}
