using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class RendezvousTests
{
    private readonly Scenario _scene = new();
    private readonly Rendezvous<int> _meeting = new("the meeting");

    [Fact]
    public void A_put_waits_until_its_item_is_taken()
    {
        _scene.Run(async () =>
        {
            Coroutine putter = Coroutine.Spawn(async () =>
            {
                await _meeting.PutAsync(1);
                _scene.At("put");
            });
            await Scenario.Sleep(1);
            Assert.Equal(0, _meeting.Count);
            _scene.At($"got {await _meeting.GetAsync()}");
            await putter;
        });
        _scene.Log.Expect("1 got 1", "1 put");
    }

    [Fact]
    public void A_get_waits_until_somebody_puts()
    {
        _scene.Run(async () =>
        {
            Coroutine getter = _scene.Go("getter", async () => await _meeting.GetAsync());
            await Scenario.Sleep(1);
            await _meeting.PutAsync(1);
            await getter;
        });
        _scene.Log.Expect("getter 1");
    }

    [Fact]
    public void A_try_meets_only_one_that_waits_on_the_other_side() => _scene.Run(async () =>
    {
        Assert.False(_meeting.TryPut(1));
        Assert.False(_meeting.TryGet(out _));
        Assert.Throws<QueueFullException>(() => _meeting.PutNoWait(1));
        Assert.Throws<QueueEmptyException>(() => _meeting.GetNoWait());
        Coroutine getter = _scene.Go("getter", async () => await _meeting.GetAsync());
        Coroutine second = _scene.Go("second", async () => await _meeting.GetAsync());
        await Coroutine.Yield();
        Assert.True(_meeting.TryPut(1));
        _meeting.PutNoWait(2);
        Assert.False(_meeting.TryPut(3));
        await Coroutine.JoinAll(getter, second);
        _scene.Log.Expect("getter 1", "second 2");
    });

    [Fact]
    public void Both_sides_are_served_in_the_order_in_which_they_came()
    {
        _scene.Run(async () =>
        {
            Coroutine[] putters = [.. Enumerable.Range(1, 3).Select(i => _scene.Go($"put {i}", async () => await _meeting.PutAsync(i)))];
            await Coroutine.Yield();
            for (int i = 1; i <= 3; i++)
                Assert.Equal(i, await _meeting.GetAsync());
            await Coroutine.JoinAll(putters);
        });
        _scene.Log.Expect("put 1", "put 2", "put 3");
    }

    [Fact]
    public void A_put_that_leaves_before_anybody_came_has_not_happened() => _scene.Run(async () =>
    {
        Coroutine killed = _scene.Go("killed", async () => await _meeting.PutAsync(1));
        Coroutine late = _scene.Go("late", async () => await _meeting.PutAsync(2, Scenario.Seconds(1)));
        Coroutine next = _scene.Go("next", async () => await _meeting.PutAsync(3));
        await Coroutine.Yield();
        killed.Kill();
        await Scenario.Sleep(2);
        Assert.Equal(3, await _meeting.GetAsync());
        await Coroutine.JoinAll(killed, late, next);
        _scene.Log.Expect("killed killed", "late QueueFullException", "next");
        Assert.Equal(1, _meeting.UnfinishedCount);
    });

    [Fact]
    public void A_put_whose_item_was_taken_has_happened_though_it_is_killed_before_it_runs() => _scene.Run(async () =>
    {
        Coroutine putter = _scene.Go("putter", async () =>
        {
            await _meeting.PutAsync(1);
            _scene.Log.Add("put");
            await Coroutine.Yield();
        });
        await Coroutine.Yield();
        Assert.Equal(1, _meeting.GetNoWait());
        putter.Kill();
        await putter.JoinAsync();
        _scene.Log.Expect("put", "putter killed");
    });

    [Fact]
    public void An_item_whose_getter_is_killed_before_it_runs_goes_to_the_next_and_is_not_lost() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", async () => await _meeting.GetAsync());
        await Coroutine.Yield();
        await _meeting.PutAsync(1);
        a.Kill();
        Coroutine b = _scene.Go("b", async () => await _meeting.PutAsync(2));
        await Coroutine.Yield();
        Assert.Equal(1, await _meeting.GetAsync());
        Assert.Equal(2, await _meeting.GetAsync());
        await Coroutine.JoinAll(a, b);
    });

    [Fact]
    public void A_shutdown_ends_the_waits_of_both_sides()
    {
        _scene.Run(async () =>
        {
            Coroutine putter = _scene.Go("putter", async () => await _meeting.PutAsync(1));
            await Coroutine.Yield();
            _meeting.Shutdown();
            await putter;
            Rendezvous<int> other = new();
            Coroutine getter = _scene.Go("getter", async () => await other.GetAsync());
            await Coroutine.Yield();
            other.Shutdown();
            await getter;
        });
        _scene.Log.Expect("putter QueueShutdownException", "getter QueueShutdownException");
    }

    [Fact]
    public void A_join_waits_for_what_was_taken() => _scene.Run(async () =>
    {
        Coroutine getter = _scene.Go("getter", async () => await _meeting.GetAsync());
        await Coroutine.Yield();
        await _meeting.PutAsync(1);
        Assert.False(await _meeting.JoinAsync(Scenario.Seconds(1)));
        _meeting.TaskDone();
        await _meeting.JoinAsync();
        await getter;
    });

    [Fact]
    public void Peek_sees_what_the_first_that_waits_to_put_would_put()
    {
        _scene.Run(async () =>
        {
            Coroutine first = _scene.Go("first", async () => await _meeting.PutAsync(1));
            Coroutine second = _scene.Go("second", async () => await _meeting.PutAsync(2));
            await Coroutine.Yield();
            Assert.Equal(1, _meeting.Peek());
            Assert.True(_meeting.TryPeek(out int item));
            Assert.Equal(item, _meeting.GetNoWait());
            Assert.Equal(2, _meeting.GetNoWait());
            Assert.False(_meeting.TryPeek(out _));
            await Coroutine.JoinAll(first, second);
        });
        _scene.Log.Expect("first", "second");
    }
}
