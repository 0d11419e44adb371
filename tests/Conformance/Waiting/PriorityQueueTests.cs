using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class PriorityQueueTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncPriorityQueue<string, int> _queue = new(4, name: "the queue");

    [Fact]
    public void The_least_priority_value_leaves_first()
    {
        Put("c", 3);
        Put("a", 1);
        Put("b", 2);
        Assert.Equal("a", _queue.Peek());
        Assert.Equal(["a", "b", "c"], Drain());
    }

    [Fact]
    public void Priority_ties_leave_in_the_order_they_came()
    {
        AsyncPriorityQueue<int, int> many = new();
        for (int i = 0; i < 1000; i++)
            many.PutNoWait(i, i % 3);
        int[] left = [.. Enumerable.Range(0, 1000).Select(_ => many.GetNoWait())];
        Assert.Equal(Enumerable.Range(0, 1000).OrderBy(i => i % 3), left);
    }

    [Fact]
    public void Ties_keep_their_order_when_items_come_back_from_killed_getters() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", async () => await _queue.GetAsync());
        Coroutine b = _scene.Go("b", async () => await _queue.GetAsync());
        await Coroutine.Yield();
        Put("first", 1);
        Put("second", 1);
        Put("third", 1);
        Put("urgent", 0);
        a.Kill();
        b.Kill();
        Assert.Equal(["urgent", "first", "second", "third"], Drain());
        await Coroutine.JoinAll(a, b);
    });

    [Fact]
    public void What_orders_the_priorities_may_be_given()
    {
        AsyncPriorityQueue<string, int> greatestFirst = new(comparer: Comparer<int>.Create((x, y) => y.CompareTo(x)));
        greatestFirst.PutNoWait("a", 1);
        greatestFirst.PutNoWait("b", 2);
        Assert.Equal("b", greatestFirst.GetNoWait());
    }

    [Fact]
    public void Room_goes_to_the_putter_that_has_waited_longest_whatever_its_priority()
    {
        _scene.Run(async () =>
        {
            foreach (string item in (string[])["a", "b", "c", "d"])
                Put(item, 5);
            Coroutine slow = _scene.Go("slow", async () => await _queue.PutAsync("slow", 9));
            Coroutine urgent = _scene.Go("urgent", async () => await _queue.PutAsync("urgent", 0));
            await Coroutine.Yield();
            Assert.Equal("a", _queue.GetNoWait());
            Assert.Equal("b", _queue.GetNoWait());
            await Coroutine.JoinAll(slow, urgent);
            Assert.Equal(["urgent", "c", "d", "slow"], Drain());
        });
        _scene.Log.Expect("slow", "urgent");
    }

    [Fact]
    public void A_put_that_is_killed_after_it_was_given_room_is_withdrawn_and_no_equal_one_instead() => _scene.Run(async () =>
    {
        foreach (string item in (string[])["a", "b", "c", "same"])
            Put(item, 1);
        Coroutine killed = _scene.Go("killed", async () => await _queue.PutAsync("same", 1));
        Coroutine next = _scene.Go("next", async () => await _queue.PutAsync("next", 1));
        await Coroutine.Yield();
        Assert.Equal("a", _queue.GetNoWait());
        killed.Kill();
        await Coroutine.JoinAll(killed, next);
        Assert.Equal(["b", "c", "same", "next"], Drain());
    });

    [Fact]
    public void Full_and_shut_down_are_told_as_by_the_others() => _scene.Run(async () =>
    {
        for (int i = 0; i < 4; i++)
            Put("x", i);
        Assert.False(_queue.TryPut("y", 0));
        Assert.Throws<QueueFullException>(() => _queue.PutNoWait("y", 0));
        await Assert.ThrowsAsync<QueueFullException>(async () => await _queue.PutAsync("y", 0, Scenario.Seconds(1)));
        _queue.Shutdown(immediate: true);
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _queue.PutAsync("y", 0));
        Assert.Equal((0, 0), (_queue.Count, _queue.UnfinishedCount));
    });

    [Fact]
    public void A_priority_that_the_comparer_refuses_is_the_error_of_its_put_and_costs_no_item()
    {
        AsyncPriorityQueue<string, int> queue = new(2, new Picky());
        Assert.Throws<ArgumentException>(() => queue.PutNoWait("bad", -1));
        queue.PutNoWait("b", 2);
        Assert.Throws<ArgumentException>(() => queue.TryPut("bad", -1));
        queue.PutNoWait("a", 1);
        Assert.Equal((2, 2L), (queue.Count, queue.UnfinishedCount));
        _scene.Run(async () =>
        {
            Coroutine bad = _scene.Go("bad", async () => await queue.PutAsync("bad", -1));
            Coroutine late = _scene.Go("late", async () => await queue.PutAsync("bad", -1, Scenario.Seconds(1)));
            Coroutine good = _scene.Go("good", async () => await queue.PutAsync("c", 3));
            await Coroutine.Yield();
            Assert.Equal(["a", "b", "c"], [queue.GetNoWait(), queue.GetNoWait(), queue.GetNoWait()]);
            await Coroutine.JoinAll(bad, late, good);
        });
        _scene.Log.Expect("bad ArgumentException", "late ArgumentException", "good");
    }

    [Fact]
    public void Priorities_without_an_order_are_an_error_at_once()
    {
        AsyncPriorityQueue<string, object> queue = new();
        queue.PutNoWait("a", new object());
        Assert.Throws<ArgumentException>(() => queue.PutNoWait("b", new object()));
        Assert.Equal("a", queue.GetNoWait());
        Assert.False(queue.TryGet(out _));
    }

    private void Put(string item, int priority) => _queue.PutNoWait(item, priority);

    private List<string> Drain()
    {
        List<string> items = [];
        while (_queue.TryGet(out string? item))
            items.Add(item);
        return items;
    }

    private sealed class Picky : IComparer<int>
    {
        public int Compare(int x, int y) => x < 0 || y < 0 ? throw new ArgumentException("Negative.") : x.CompareTo(y);
    }
}
