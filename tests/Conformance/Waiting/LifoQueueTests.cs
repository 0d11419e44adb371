using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class LifoQueueTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncLifoQueue<int> _queue = new(3, "the stack");

    [Fact]
    public void Last_in_first_out() => _scene.Run(async () =>
    {
        for (int i = 1; i <= 3; i++)
            await _queue.PutAsync(i);
        Assert.Equal(3, _queue.Peek());
        Assert.Equal([3, 2, 1], Drain());
    });

    [Fact]
    public void Items_that_killed_getters_give_back_stand_where_they_stood() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", async () => await _queue.GetAsync());
        Coroutine b = _scene.Go("b", async () => await _queue.GetAsync());
        await Coroutine.Yield();
        for (int i = 1; i <= 4; i++)
            _queue.PutNoWait(i);
        a.Kill();
        b.Kill();
        Assert.Equal([4, 3, 2, 1], Drain());
        await Coroutine.JoinAll(a, b);
    });

    [Fact]
    public void Waiting_putters_are_served_in_the_order_in_which_they_came_whatever_the_items_order()
    {
        _scene.Run(async () =>
        {
            for (int i = 1; i <= 3; i++)
                _queue.PutNoWait(i);
            Coroutine a = _scene.Go("a", async () => await _queue.PutAsync(4));
            Coroutine b = _scene.Go("b", async () => await _queue.PutAsync(5));
            await Coroutine.Yield();
            Assert.Equal(3, _queue.GetNoWait());
            await Coroutine.Yield();
            Assert.Equal(4, _queue.GetNoWait());
            await Coroutine.JoinAll(a, b);
            Assert.Equal([5, 2, 1], Drain());
        });
        _scene.Log.Expect("a", "b");
    }

    [Fact]
    public void A_put_that_is_killed_after_it_was_given_room_is_withdrawn_from_the_top() => _scene.Run(async () =>
    {
        for (int i = 1; i <= 3; i++)
            _queue.PutNoWait(i);
        Coroutine a = _scene.Go("a", async () => await _queue.PutAsync(4));
        await Coroutine.Yield();
        Assert.Equal(3, _queue.GetNoWait());
        Assert.Equal(4, _queue.Peek());
        a.Kill();
        Assert.Equal([2, 1], Drain());
        await a.JoinAsync();
    });

    [Fact]
    public void A_shutdown_lets_gets_drain_it_from_the_top() => _scene.Run(async () =>
    {
        _queue.PutNoWait(1);
        _queue.PutNoWait(2);
        _queue.Shutdown();
        Assert.Equal(2, await _queue.GetAsync());
        Assert.Equal(1, await _queue.GetAsync());
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _queue.GetAsync());
    });

    private List<int> Drain()
    {
        List<int> items = [];
        while (_queue.TryGet(out int item))
            items.Add(item);
        return items;
    }
}
