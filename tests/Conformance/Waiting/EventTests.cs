using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class EventTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncManualResetEvent _gate = new(name: "the gate");
    private readonly AsyncAutoResetEvent _signal = new(name: "the signal");

    [Fact]
    public void Set_then_clear_without_a_yield_still_wakes_everyone_who_waited()
    {
        _scene.Run(async () =>
        {
            Coroutine[] waiters = [.. "abc".Select(name => _scene.Go($"{name}", async () => await _gate.WaitAsync()))];
            await Coroutine.Yield();
            _gate.Set();
            _gate.Reset();
            Assert.Equal(0, _gate.Statistics.Waiters);
            Coroutine late = _scene.Go("late", async () => await _gate.WaitAsync(Scenario.Seconds(1)));
            await Coroutine.JoinAll([.. waiters, late]);
        });
        _scene.Log.Expect("a", "b", "c", "late False");
    }

    [Fact]
    public void While_it_is_set_nobody_waits() => _scene.Run(async () =>
    {
        _gate.Set();
        await _gate.WaitAsync();
        await _gate.WaitAsync();
        Assert.True(await _gate.WaitAsync(TimeSpan.Zero));
        Assert.Equal(0, _gate.Statistics.Contentions);
    });

    [Fact]
    public void Setting_it_twice_is_as_once() => _scene.Run(async () =>
    {
        _gate.Set();
        _gate.Set();
        _gate.Reset();
        Assert.False(_gate.IsSet);
        Assert.False(await _gate.WaitAsync(Scenario.Seconds(1)));
    });

    [Fact]
    public void It_may_be_set_from_the_start()
        => _scene.Run(async () =>
        {
            await new AsyncManualResetEvent(isSet: true).WaitAsync();
            AsyncAutoResetEvent once = new(isSet: true);
            await once.WaitAsync();
            Assert.False(once.IsSet);
        });

    [Fact]
    public void Each_set_lets_one_waiter_go_on_the_one_that_has_waited_longest()
    {
        _scene.Run(async () =>
        {
            Coroutine[] waiters = [.. "abc".Select(name => _scene.Go($"{name}", async () => await _signal.WaitAsync()))];
            await Coroutine.Yield();
            _signal.Set();
            await Scenario.Sleep(1);
            _scene.Log.Add("one");
            _signal.Set();
            _signal.Set();
            Assert.False(_signal.IsSet);
            await Coroutine.JoinAll(waiters);
        });
        _scene.Log.Expect("a", "one", "b", "c");
    }

    [Fact]
    public void A_signal_that_nobody_waits_for_is_kept_for_one_and_no_more() => _scene.Run(async () =>
    {
        _signal.Set();
        _signal.Set();
        await _signal.WaitAsync();
        Assert.False(_signal.TryWait());
        Assert.False(await _signal.WaitAsync(Scenario.Seconds(1)));
    });

    [Fact]
    public void A_newcomer_does_not_take_the_signal_of_one_that_was_woken_and_has_not_run() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", async () => await _signal.WaitAsync());
        await Coroutine.Yield();
        _signal.Set();
        Assert.False(_signal.TryWait());
        await a;
        _scene.Log.Expect("a");
    });

    [Fact]
    public void A_signal_whose_waiter_is_killed_before_it_runs_is_kept_where_nobody_else_waits() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", async () => await _signal.WaitAsync());
        await Coroutine.Yield();
        _signal.Set();
        a.Kill();
        Assert.True(_signal.IsSet);
        Assert.True(_signal.TryWait());
    });

    [Fact]
    public void A_callback_of_the_loop_may_set_them() => _scene.Run(async () =>
    {
        CoroutineScheduler.Current.Post(() =>
        {
            _gate.Set();
            _signal.Set();
        });
        await _gate.WaitAsync();
        await _signal.WaitAsync();
    });
}
