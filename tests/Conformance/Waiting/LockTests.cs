using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class LockTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncLock _lock = new("the lock");

    [Fact]
    public void A_lock_that_is_released_goes_to_the_first_waiter_in_the_same_breath() => _scene.Run(async () =>
    {
        using (await _lock.AcquireAsync())
        {
            _ = Holder("a");
            _ = Holder("b");
            await Coroutine.Yield();
            Assert.Equal(2, _lock.Statistics.Waiters);
        }

        Assert.Equal("a", _lock.Statistics.Owner!.Name);
        Assert.False(_lock.TryAcquire());
    });

    [Fact]
    public void A_newcomer_does_not_overtake()
    {
        _scene.Run(async () =>
        {
            Coroutine a;
            using (await _lock.AcquireAsync())
            {
                a = Holder("a");
                await Coroutine.Yield();
            }

            // Free for an outsider's eye: a has it and has not run.
            await Holder("newcomer");
            await a;
        });
        _scene.Log.Expect("0 a holds", "1 newcomer holds");
    }

    [Fact]
    public void Waiters_get_the_lock_in_the_order_in_which_they_came()
    {
        _scene.Run(() => Coroutine.JoinAll(Holder("a"), Holder("b"), Holder("c")));
        _scene.Log.Expect("0 a holds", "1 b holds", "2 c holds");
    }

    [Fact]
    public void One_that_releases_and_wants_it_again_at_once_stands_behind_those_that_wait()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireAsync();
            Coroutine a = Holder("a");
            await Coroutine.Yield();
            _lock.Release();
            using (await _lock.AcquireAsync())
                _scene.At("main holds again");
            await a;
        });
        _scene.Log.Expect("0 a holds", "1 main holds again");
    }

    [Fact]
    public void Taking_it_twice_in_one_coroutine_is_a_deadlock_and_is_reported_at_once_naming_the_coroutine()
    {
        _scene.Run(async () =>
        {
            using (await _lock.AcquireAsync())
            {
                DeadlockException error = await Assert.ThrowsAsync<DeadlockException>(async () => await _lock.AcquireAsync());
                Assert.Contains("'main'", error.Message, StringComparison.Ordinal);
                Assert.Contains("AsyncLock 'the lock'", error.Message, StringComparison.Ordinal);
                Assert.True(_lock.IsHeldByCurrent);
            }

            Assert.False(_lock.IsHeld);
        });
        _scene.Reports.Expect("circle of main");
    }

    [Fact]
    public void Taking_it_twice_is_a_deadlock_though_others_run_on() => _scene.Run(async () =>
    {
        Coroutine busy = _scene.Go("busy", async () => await Scenario.Sleep(10));
        using (await _lock.AcquireAsync())
            await Assert.ThrowsAsync<DeadlockException>(async () => await _lock.AcquireAsync());
        Assert.True(busy.IsAlive);
        Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
    });

    [Fact]
    public void A_try_never_waits() => _scene.Run(async () =>
    {
        Assert.True(_lock.TryAcquire());
        Assert.False(_lock.TryAcquire());
        _ = _scene.Go("stranger", () => Task.FromResult(_lock.TryAcquire()));
        await Coroutine.Yield();
        _scene.Log.Expect("stranger False");
        _lock.Release();
    });

    [Fact]
    public void A_release_by_a_stranger_is_an_error_that_names_the_lock_and_changes_nothing() => _scene.Run(async () =>
    {
        using (await _lock.AcquireAsync())
        {
            Coroutine stranger = Coroutine.Spawn(() =>
            {
                _lock.Release();
                return Task.CompletedTask;
            });
            var error = await Assert.ThrowsAsync<SynchronizationLockException>(async () => await stranger);
            Assert.Contains("AsyncLock 'the lock'", error.Message, StringComparison.Ordinal);
            Assert.Contains("'main'", error.Message, StringComparison.Ordinal);
            Assert.True(_lock.IsHeldByCurrent);
        }
    });

    [Fact]
    public void A_release_of_a_free_lock_is_an_error()
        => _scene.Run(() => Task.FromResult(Assert.Throws<SynchronizationLockException>(_lock.Release)));

    [Fact]
    public void A_release_outside_of_any_coroutine_is_an_error()
        => Assert.Contains("no coroutine runs here", Assert.Throws<SynchronizationLockException>(_lock.Release).Message, StringComparison.Ordinal);

    [Fact]
    public void A_coroutine_that_returns_holding_a_lock_fails_with_an_error_that_names_the_lock() => _scene.Run(async () =>
    {
        Coroutine sloppy = Coroutine.Spawn(async () => await _lock.AcquireAsync(), new SpawnOptions { Name = "sloppy" });
        AbandonedLockException error = await Assert.ThrowsAsync<AbandonedLockException>(async () => await sloppy);
        Assert.Equal("AsyncLock 'the lock'", error.LockName);
        Assert.Equal("sloppy", error.OwnerName);
        Assert.Contains("LockTests.cs", error.Message, StringComparison.Ordinal);
        Assert.Equal(CoroutineState.Faulted, sloppy.State);
    });

    [Fact]
    public void A_coroutine_that_fails_holding_a_lock_keeps_its_failure_and_the_lock_is_reported()
    {
        _scene.Run(async () =>
        {
            Coroutine sloppy = Coroutine.Spawn(async () =>
            {
                await _lock.AcquireAsync();
                throw new FormatException("its own");
            }, new SpawnOptions { Name = "sloppy" });
            Assert.Equal("its own", (await Assert.ThrowsAsync<FormatException>(async () => await sloppy)).Message);
        });
        _scene.Reports.Expect("sloppy: AbandonedLockException");
        Assert.Contains("AsyncLock 'the lock' was still held by coroutine 'sloppy'", _scene.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_coroutine_that_is_killed_holding_a_lock_is_an_error_that_names_the_lock() => _scene.Run(async () =>
    {
        Coroutine sloppy = Coroutine.Spawn(async () =>
        {
            await _lock.AcquireAsync();
            await Scenario.Sleep(10);
        }, new SpawnOptions { Name = "sloppy" });
        await Coroutine.Yield();
        sloppy.Kill();
        await sloppy.JoinAsync();
        Assert.IsType<AbandonedLockException>(sloppy.Exception);
    });

    [Fact]
    public void Nobody_gets_a_lock_whose_owner_has_ended_neither_those_that_wait_nor_those_that_come_later()
    {
        _scene.Run(async () =>
        {
            Coroutine sloppy = Coroutine.Spawn(async () =>
            {
                await _lock.AcquireAsync();
                await Scenario.Sleep(1);
            });
            await Coroutine.Yield();
            Coroutine[] waiters = [Holder("a"), Holder("b"), Holder("c")];
            await Assert.ThrowsAsync<AbandonedLockException>(async () => await sloppy);
            await Coroutine.JoinAll(waiters);
            await Holder("late");
            Assert.Throws<AbandonedLockException>(() => _lock.TryAcquire());
        });
        _scene.Log.Expect("a AbandonedLockException", "b AbandonedLockException", "c AbandonedLockException", "late AbandonedLockException");
    }

    [Fact]
    public void A_killed_holder_that_uses_using_gives_the_lock_to_the_next()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Holder("a");
            Coroutine b = Holder("b");
            await Coroutine.Yield();
            a.Kill();
            await Coroutine.JoinAll(a, b);
        });
        _scene.Log.Expect("0 a holds", "a killed", "0 b holds");
    }

    [Fact]
    public void A_flow_that_was_left_behind_and_is_granted_the_lock_as_its_coroutine_ends_gives_it_to_the_next()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireAsync();
            Coroutine careless = Coroutine.Spawn(async () =>
            {
                _ = _lock.AcquireAsync().AsTask();
                await Coroutine.Yield();
                await Coroutine.Yield();
            });
            await Coroutine.Yield();
            Coroutine next = Holder("next");
            await Coroutine.Yield();
            Assert.Equal(2, _lock.Statistics.Waiters);
            // Granted, and both are in the ready ring: careless ends in its step before the flow has run.
            _lock.Release();
            await Coroutine.JoinAll(careless, next);
            Assert.Equal(CoroutineState.Completed, careless.State);
        });
        _scene.Log.Expect("0 next holds");
    }

    [Fact]
    public void Its_statistics_tell_the_owner_the_waiters_and_how_often_one_had_to_wait() => _scene.Run(async () =>
    {
        Assert.Equal(new SynchronizationStatistics(null, 0, 0), _lock.Statistics);
        using (await _lock.AcquireAsync())
        {
            Coroutine a = Holder("a");
            await Coroutine.Yield();
            Assert.Equal(new SynchronizationStatistics(Coroutine.Current, 1, 1), _lock.Statistics);
            a.Kill();
            Assert.Equal(new SynchronizationStatistics(Coroutine.Current, 0, 1), _lock.Statistics);
        }
    });

    [Fact]
    public void A_negative_timeout_is_an_error_at_once() => _scene.Run(async () =>
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _lock.TryAcquireAsync(Scenario.Seconds(-1)));
        Assert.False(_lock.IsHeld);
    });

    [Fact]
    public void A_timeout_of_zero_tries_once() => _scene.Run(async () =>
    {
        Assert.True(await _lock.TryAcquireAsync(TimeSpan.Zero));
        await _scene.Go("other", async () => await _lock.TryAcquireAsync(TimeSpan.Zero));
        _scene.Log.Expect("other False");
        Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
        _lock.Release();
    });

    [Fact]
    public void A_flow_that_its_coroutine_left_behind_can_hold_nothing() => _scene.Run(async () =>
    {
        Task? flow = null;
        await _scene.Go("a", () =>
        {
            flow = LeftBehindAsync();
            return Task.CompletedTask;
        });
        await Scenario.Sleep(2);
        Assert.False(_lock.IsHeld);
        Assert.Contains("can't hold", (await Assert.ThrowsAsync<InvalidOperationException>(() => flow!)).Message, StringComparison.Ordinal);
        (await _lock.AcquireAsync()).Dispose();

        async Task LeftBehindAsync()
        {
            await Scenario.Sleep(1);
            await _lock.AcquireAsync();
        }
    });

    private Coroutine Holder(string name) => Coroutine.Spawn(async () =>
    {
        string outcome = await _scene.OutcomeOf(async () =>
        {
            using (await _lock.AcquireAsync())
            {
                _scene.At($"{name} holds");
                await Scenario.Sleep(1);
            }

            return "";
        });
        if (outcome.Length > 0)
            _scene.Log.Add($"{name} {outcome}");
    }, new SpawnOptions { Name = name });
}
