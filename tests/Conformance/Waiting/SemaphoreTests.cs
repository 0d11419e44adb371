using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class SemaphoreTests
{
    private readonly Scenario _scene = new();

    [Fact]
    public void So_many_permits_so_many_at_once()
    {
        AsyncSemaphore two = new(2);
        _scene.Run(() => Coroutine.JoinAll([.. "abcd".Select(name => _scene.Go($"{name}", async () =>
        {
            using (await two.AcquireAsync())
            {
                _scene.At($"{name} in");
                await Scenario.Sleep(1);
            }
        }))]));
        _scene.Log.Expect("0 a in", "0 b in", "a", "b", "1 c in", "1 d in", "c", "d");
        Assert.Equal(2, two.CurrentCount);
    }

    [Fact]
    public void A_permit_goes_to_the_first_waiter_in_the_same_breath_and_a_newcomer_does_not_overtake() => _scene.Run(async () =>
    {
        AsyncSemaphore none = new(0);
        Coroutine a = _scene.Go("a", async () => await none.AcquireAsync());
        await Coroutine.Yield();
        none.Release();
        Assert.Equal(0, none.CurrentCount);
        Assert.False(none.TryAcquire());
        await a;
    });

    [Fact]
    public void Several_permits_go_to_as_many_waiters_and_the_rest_stays() => _scene.Run(async () =>
    {
        AsyncSemaphore none = new(0);
        Coroutine[] waiters = [.. "abc".Select(name => _scene.Go($"{name}", async () => await none.TryAcquireAsync(Scenario.Seconds(9))))];
        await Coroutine.Yield();
        none.Release(2);
        Assert.Equal((0, 1), (none.CurrentCount, none.Statistics.Waiters));
        none.Release(3);
        Assert.Equal((2, 0), (none.CurrentCount, none.Statistics.Waiters));
        await Coroutine.JoinAll(waiters);
        _scene.Log.Expect("a True", "b True", "c True");
    });

    [Fact]
    public void The_bounded_form_rejects_over_release_and_changes_nothing() => _scene.Run(() =>
    {
        AsyncSemaphore one = new(1, maxCount: 2, "the semaphore");
        var error = Assert.Throws<SemaphoreFullException>(() => one.Release(2));
        Assert.Contains("AsyncSemaphore 'the semaphore'", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, one.CurrentCount);
        one.Release();
        Assert.Throws<SemaphoreFullException>(() => one.Release());
        Assert.Equal(2, one.CurrentCount);
        return Task.CompletedTask;
    });

    [Fact]
    public void The_bound_counts_what_the_waiters_take() => _scene.Run(async () =>
    {
        AsyncSemaphore none = new(0, maxCount: 1);
        Coroutine a = _scene.Go("a", async () => await none.TryAcquireAsync(Scenario.Seconds(1)));
        await Coroutine.Yield();
        none.Release(2);
        Assert.Equal(1, none.CurrentCount);
        await a;
    });

    [Fact]
    public void A_permit_that_comes_back_to_a_full_semaphore_is_no_error_of_the_kill_that_brings_it() => _scene.Run(async () =>
    {
        AsyncSemaphore one = new(0, maxCount: 1);
        Coroutine a = _scene.Go("a", async () => await one.AcquireAsync());
        await Coroutine.Yield();
        one.Release();
        // One too many: a has the only permit, but that can't be seen from here.
        one.Release();
        a.Kill();
        await a.JoinAsync();
        Assert.Equal(1, one.CurrentCount);
        _scene.Log.Expect("a killed");
    });

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(3, 2)]
    public void Counts_that_make_no_sense_are_an_error_at_once(int initial, int? max)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncSemaphore(initial, max));

    [Fact]
    public void Releasing_none_is_an_error() => _scene.Run(() =>
    {
        AsyncSemaphore one = new(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Release(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Release(-1));
        Assert.Equal(1, one.CurrentCount);
        return Task.CompletedTask;
    });

    [Fact]
    public void More_permits_than_can_be_counted_are_an_error() => _scene.Run(() =>
    {
        AsyncSemaphore full = new(int.MaxValue);
        Assert.Throws<SemaphoreFullException>(() => full.Release());
        Assert.Equal(int.MaxValue, full.CurrentCount);
        return Task.CompletedTask;
    });

    [Fact]
    public void Any_coroutine_may_give_a_permit_back() => _scene.Run(async () =>
    {
        AsyncSemaphore one = new(1);
        await one.AcquireAsync();
        await _scene.Go("other", () =>
        {
            one.Release();
            return Task.CompletedTask;
        });
        Assert.True(one.TryAcquire());
    });

    [Fact]
    public void A_callback_of_the_loop_may_give_a_permit_back() => _scene.Run(async () =>
    {
        AsyncSemaphore none = new(0);
        CoroutineScheduler.Current.Post(() => none.Release());
        await none.AcquireAsync();
        Assert.Equal(0, none.CurrentCount);
    });
}
