using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class ReentrantLockTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncReentrantLock _lock = new("the lock");

    [Fact]
    public void Its_owner_may_take_it_again_and_it_is_free_when_each_has_been_released() => _scene.Run(async () =>
    {
        using (await _lock.AcquireAsync())
        {
            Assert.Equal(1, _lock.Depth);
            using (await _lock.AcquireAsync())
                Assert.Equal(2, _lock.Depth);
            Assert.True(_lock.TryAcquire());
            Assert.True(await _lock.TryAcquireAsync(Scenario.Seconds(1)));
            Assert.Equal(3, _lock.Depth);
            _lock.Release();
            _lock.Release();
            Assert.True(_lock.IsHeldByCurrent);
        }

        Assert.False(_lock.IsHeld);
        Assert.Equal(0, _lock.Depth);
    });

    [Fact]
    public void A_waiter_gets_it_when_the_last_of_the_releases_has_come_and_no_earlier()
    {
        _scene.Run(async () =>
        {
            await _lock.AcquireAsync();
            await _lock.AcquireAsync();
            Coroutine a = _scene.Go("a", Hold);
            await Coroutine.Yield();
            _lock.Release();
            await Scenario.Sleep(1);
            Assert.True(a.IsAlive);
            Assert.True(_lock.IsHeldByCurrent);
            _lock.Release();
            Assert.Equal(a, _lock.Statistics.Owner);
            await a;
        });
        _scene.Log.Expect("a 1");
    }

    [Fact]
    public void A_release_by_another_is_an_error() => _scene.Run(async () =>
    {
        await _lock.AcquireAsync();
        await _scene.Go("stranger", () =>
        {
            _lock.Release();
            return Task.CompletedTask;
        });
        _scene.Log.Expect("stranger SynchronizationLockException");
        Assert.Equal(1, _lock.Depth);
        _lock.Release();
        Assert.Throws<SynchronizationLockException>(_lock.Release);
    });

    [Fact]
    public void Its_depth_is_that_of_the_running_coroutine_alone() => _scene.Run(async () =>
    {
        await _lock.AcquireAsync();
        await _scene.Go("other", () => Task.FromResult(_lock.Depth));
        _scene.Log.Expect("other 0");
        _lock.Release();
    });

    [Fact]
    public void One_that_was_granted_it_has_depth_one_though_its_owner_before_had_more()
    {
        _scene.Run(async () =>
        {
            for (int i = 0; i < 5; i++)
                await _lock.AcquireAsync();
            Coroutine a = _scene.Go("a", Hold);
            Coroutine b = _scene.Go("b", Hold);
            await Coroutine.Yield();
            for (int i = 0; i < 5; i++)
                _lock.Release();
            a.Kill();
            await Coroutine.JoinAll(a, b);
        });
        _scene.Log.Expect("a killed", "b 1");
    }

    [Fact]
    public void One_that_ends_holding_it_twice_fails_once() => _scene.Run(async () =>
    {
        Coroutine sloppy = Coroutine.Spawn(async () =>
        {
            await _lock.AcquireAsync();
            await _lock.AcquireAsync();
        });
        await Assert.ThrowsAsync<AbandonedLockException>(async () => await sloppy);
        _scene.Reports.Expect();
        await Assert.ThrowsAsync<AbandonedLockException>(async () => await _lock.AcquireAsync());
    });

    private async Task<int> Hold()
    {
        using (await _lock.AcquireAsync())
            return _lock.Depth;
    }
}
