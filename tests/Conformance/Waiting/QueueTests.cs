using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

/// <summary>What holds for all queues, shown with the one that is first in, first out.</summary>
public class QueueTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncQueue<int> _queue = new(2, "the queue");

    [Fact]
    public void First_in_first_out() => _scene.Run(async () =>
    {
        AsyncQueue<int> queue = new();
        for (int i = 0; i < 100; i++)
            queue.PutNoWait(i);
        for (int i = 0; i < 100; i++)
            Assert.Equal(i, await queue.GetAsync());
    });

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Capacity_null_or_0_is_unbounded(int? capacity)
    {
        AsyncQueue<int> queue = new(capacity);
        for (int i = 0; i < 10_000; i++)
            Assert.True(queue.TryPut(i));
        Assert.Null(queue.Capacity);
        Assert.Equal(10_000, queue.Count);
    }

    [Fact]
    public void A_negative_capacity_is_an_error_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncQueue<int>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncLifoQueue<int>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncPriorityQueue<int, int>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Broadcast<int>().Subscribe(-1));
    }

    [Fact]
    public void A_put_waits_while_it_is_full_and_a_get_while_it_is_empty()
    {
        _scene.Run(() => Coroutine.JoinAll(
            Coroutine.Spawn(async () =>
            {
                for (int i = 1; i <= 4; i++)
                {
                    await _queue.PutAsync(i);
                    _scene.At($"put {i}");
                }
            }),
            Coroutine.Spawn(async () =>
            {
                for (int i = 1; i <= 4; i++)
                {
                    await Scenario.Sleep(1);
                    _scene.At($"got {await _queue.GetAsync()}");
                }
            })));
        _scene.Log.Expect("0 put 1", "0 put 2", "1 got 1", "1 put 3", "2 got 2", "2 put 4", "3 got 3", "4 got 4");
    }

    [Fact]
    public void An_item_goes_to_the_first_waiter_in_the_same_breath_and_a_newcomer_does_not_overtake() => _scene.Run(async () =>
    {
        Coroutine a = Getter("a");
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        Assert.Equal(0, _queue.Count);
        Assert.False(_queue.TryGet(out _));
        await a;
        _scene.Log.Expect("a 1");
    });

    [Fact]
    public void Room_goes_to_the_first_that_waits_to_put_in_the_same_breath_and_a_newcomer_does_not_overtake() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = Putter("a", 3);
        await Coroutine.Yield();
        Assert.True(_queue.TryGet(out _));
        Assert.False(_queue.TryPut(4));
        Assert.Equal([2, 3], Drain());
        await a;
    });

    [Fact]
    public void Trying_does_not_wait() => _scene.Run(() =>
    {
        Assert.False(_queue.TryGet(out _));
        Assert.True(_queue.TryPut(1));
        Assert.True(_queue.TryPut(2));
        Assert.False(_queue.TryPut(3));
        Assert.True(_queue.TryGet(out int item));
        Assert.Equal(1, item);
        return Task.CompletedTask;
    });

    [Fact]
    public void Without_waiting_full_and_empty_are_errors_that_name_the_queue_and_lose_nothing() => _scene.Run(() =>
    {
        Assert.Contains("AsyncQueue 'the queue'", Assert.Throws<QueueEmptyException>(() => _queue.GetNoWait()).Message, StringComparison.Ordinal);
        Fill();
        Assert.Contains("AsyncQueue 'the queue'", Assert.Throws<QueueFullException>(() => _queue.PutNoWait(3)).Message, StringComparison.Ordinal);
        Assert.Equal(2, _queue.UnfinishedCount);
        Assert.Equal([1, 2], Drain());
        return Task.CompletedTask;
    });

    [Fact]
    public void A_peek_leaves_the_item_where_it_is() => _scene.Run(() =>
    {
        Assert.Throws<QueueEmptyException>(() => _queue.Peek());
        Assert.False(_queue.TryPeek(out _));
        Fill();
        Assert.Equal(1, _queue.Peek());
        Assert.True(_queue.TryPeek(out int item));
        Assert.Equal(1, item);
        Assert.Equal(2, _queue.Count);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_queue_may_be_filled_before_the_run_and_emptied_after_it()
    {
        Fill();
        _scene.Run(async () => Assert.Equal(1, await _queue.GetAsync()));
        Assert.Equal([2], Drain());
    }

    [Fact]
    public void When_an_item_and_the_deadline_fall_on_the_same_tick_the_item_is_delivered_or_stays() => _scene.Run(async () =>
    {
        // The time is over first: then the item stays.
        Coroutine a = _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), async () => await _queue.GetAsync()));
        Coroutine b = _scene.Go("b", async () => await _queue.GetAsync(Scenario.Seconds(1)));
        await Coroutine.Yield();
        await Scenario.Sleep(1);
        _queue.PutNoWait(1);
        await Coroutine.JoinAll(a, b);
        _scene.Log.Expect("a out of time", "b QueueEmptyException");
        Assert.Equal([1], Drain());
    });

    [Fact]
    public void When_the_item_was_there_first_and_the_deadline_comes_before_the_getter_runs_the_item_stays() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), async () => await _queue.GetAsync()));
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        _queue.PutNoWait(2);
        _scene.Clock.Advance(Scenario.Seconds(1));
        await a;
        _scene.Log.Expect("a out of time");
        Assert.Equal([1, 2], Drain());
    });

    [Fact]
    public void When_the_room_was_there_first_and_the_deadline_comes_before_the_putter_runs_the_put_has_not_happened() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = _scene.Go("a", () => Deadline.RunAsync(Scenario.Seconds(1), async () => await _queue.PutAsync(3)));
        await Coroutine.Yield();
        Assert.Equal(1, _queue.GetNoWait());
        Assert.Equal(2, _queue.Count);
        _scene.Clock.Advance(Scenario.Seconds(1));
        await a;
        _scene.Log.Expect("a out of time");
        Assert.Equal([2], Drain());
        Assert.Equal(2, _queue.UnfinishedCount);
    });

    [Fact]
    public void Two_killed_getters_give_their_items_back_in_order() => _scene.Run(async () =>
    {
        Coroutine a = Getter("a");
        Coroutine b = Getter("b");
        await Coroutine.Yield();
        for (int i = 1; i <= 4; i++)
            _queue.PutNoWait(i);
        b.Kill();
        a.Kill();
        Assert.Equal(4, _queue.Count);
        Assert.Equal([1, 2, 3, 4], Drain());
        await Coroutine.JoinAll(a, b);
    });

    [Fact]
    public void An_item_given_back_goes_to_the_next_that_waits() => _scene.Run(async () =>
    {
        Coroutine a = Getter("a");
        Coroutine b = Getter("b");
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        a.Kill();
        await Coroutine.JoinAll(a, b);
        _scene.Log.Expect("a killed", "b 1");
    });

    [Fact]
    public void A_queue_that_got_items_back_takes_no_more_until_there_is_room() => _scene.Run(async () =>
    {
        Coroutine a = Getter("a");
        await Coroutine.Yield();
        _queue.PutNoWait(0);
        Fill();
        a.Kill();
        Assert.Equal(3, _queue.Count);
        Coroutine late = Putter("late", 3);
        Assert.False(_queue.TryPut(9));
        Assert.Equal(0, _queue.GetNoWait());
        await Coroutine.Yield();
        Assert.True(late.IsAlive);
        Assert.Equal(1, _queue.GetNoWait());
        await late;
        Assert.Equal([2, 3], Drain());
    });

    [Fact]
    public void A_put_that_is_killed_before_there_was_room_has_not_happened() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = Putter("a", 3);
        Coroutine b = Putter("b", 4);
        await Coroutine.Yield();
        a.Kill();
        Assert.Equal([1, 2, 4], Drain());
        await b;
    });

    [Fact]
    public void A_put_that_is_killed_after_it_was_given_room_is_withdrawn_and_the_next_gets_its_room() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = Putter("a", 3);
        Coroutine b = Putter("b", 4);
        await Coroutine.Yield();
        Assert.Equal(1, _queue.GetNoWait());
        a.Kill();
        Assert.Equal(0, _queue.PutStatistics.Waiters);
        Assert.Equal([2, 4], Drain());
        await Coroutine.JoinAll(a, b);
        _scene.Log.Expect("a killed", "b");
    });

    [Fact]
    public void A_put_whose_item_was_taken_already_has_happened_and_the_kill_is_for_the_next_wait() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = _scene.Go("a", async () =>
        {
            await _queue.PutAsync(3);
            _scene.Log.Add("a has put");
            await Coroutine.Yield();
        });
        await Coroutine.Yield();
        Assert.Equal([1, 2, 3], Drain());
        a.Kill();
        await a.JoinAsync();
        _scene.Log.Expect("a has put", "a killed");
    });

    [Fact]
    public void A_put_that_is_withdrawn_takes_its_own_item_though_an_older_put_stands_in_the_queue_too() => _scene.Run(async () =>
    {
        Fill();
        Coroutine first = Putter("first", 3);
        await Coroutine.Yield();
        Assert.Equal(1, _queue.GetNoWait());
        await first;
        // The pooled waits serve sleeps now: the second's is a new one, as young as the first's was.
        _ = _scene.Go("sleeper", async () => await Scenario.Sleep(1));
        _ = _scene.Go("sleeper", async () => await Scenario.Sleep(1));
        await Coroutine.Yield();
        Coroutine second = Putter("second", 4);
        await Coroutine.Yield();
        Assert.Equal(2, _queue.GetNoWait());
        second.Kill();
        Assert.Equal([3], Drain());
        await second.JoinAsync();
    });

    [Fact]
    public void A_flow_that_was_left_behind_takes_no_item_when_its_coroutine_has_ended() => _scene.Run(async () =>
    {
        await Coroutine.Spawn(async () =>
        {
            _ = _queue.GetAsync().AsTask();
            await Coroutine.Yield();
        });
        Assert.Equal(0, _queue.GetStatistics.Waiters);
        _queue.PutNoWait(1);
        Assert.Equal(1, _queue.Count);
    });

    [Fact]
    public void Two_flows_of_one_coroutine_give_back_what_they_got_and_nothing_is_handed_to_the_dead() => _scene.Run(async () =>
    {
        Coroutine a = _scene.Go("a", () => Task.WhenAll(_queue.GetAsync().AsTask(), _queue.GetAsync().AsTask(), _queue.GetAsync().AsTask()));
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        _queue.PutNoWait(2);
        a.Kill();
        Assert.Equal(0, _queue.GetStatistics.Waiters);
        Assert.Equal([1, 2], Drain());
        await a.JoinAsync();
    });

    [Fact]
    public void Each_wait_may_be_awaited_once_and_a_second_await_is_an_error() => _scene.Run(async () =>
    {
        ValueTask<int> get = _queue.GetAsync();
        _queue.PutNoWait(1);
        Assert.Equal(1, await get);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await get);
        Fill();
        ValueTask put = _queue.PutAsync(3);
        Drain();
        await put;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await put);
    });

    [Fact]
    public void Await_foreach_may_be_cancelled_and_takes_nothing_then()
    {
        using CancellationTokenSource source = new();
        _scene.Run(async () =>
        {
            Coroutine reader = _scene.Go("reader", async () =>
            {
                await foreach (int item in _queue.WithCancellation(source.Token))
                    _scene.Log.Add($"{item}");
            });
            await _queue.PutAsync(1);
            await Scenario.Sleep(1);
            source.Cancel();
            await reader;
            await _queue.PutAsync(2);
            Assert.Equal([2], Drain());
        });
        _scene.Log.Expect("1", "reader cancelled");
    }

    [Fact]
    public void Getters_are_served_in_the_order_in_which_they_came_and_one_in_the_middle_may_leave()
    {
        _scene.Run(async () =>
        {
            Coroutine[] getters = [Getter("a"), Getter("b"), Getter("c")];
            await Coroutine.Yield();
            getters[1].Kill();
            _queue.PutNoWait(1);
            _queue.PutNoWait(2);
            await Coroutine.JoinAll(getters);
        });
        Assert.Equal(["a 1", "b killed", "c 2"], _scene.Log.Events.Order());
    }

    [Fact]
    public void Its_statistics_tell_both_sides_apart() => _scene.Run(async () =>
    {
        Coroutine getter = Getter("a");
        await Coroutine.Yield();
        Assert.Equal((1, 0), (_queue.GetStatistics.Waiters, _queue.PutStatistics.Waiters));
        _queue.PutNoWait(0);
        Fill();
        Coroutine putter = Putter("b", 3);
        await Coroutine.Yield();
        Assert.Equal((0, 1), (_queue.GetStatistics.Waiters, _queue.PutStatistics.Waiters));
        Assert.Equal(1, _queue.Statistics.Waiters);
        Assert.Equal(2, _queue.Statistics.Contentions);
        Drain();
        await Coroutine.JoinAll(getter, putter);
    });

    [Fact]
    public void A_ValueTask_that_is_awaited_again_is_an_error_and_takes_nothing_from_another() => _scene.Run(async () =>
    {
        ValueTask<int> stale = default;
        Coroutine a = _scene.Go("a", async () =>
        {
            stale = _queue.GetAsync();
            int item = await stale;
            // So that the next to wait gets the same place, with another wait of the same number.
            await Scenario.Sleep(1);
            return item;
        });
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        await Coroutine.Yield();
        Coroutine b = Getter("b");
        await Coroutine.Yield();
        _queue.PutNoWait(2);
        _scene.Log.Add($"again {await _scene.OutcomeOf(async () => await stale)}");
        await Coroutine.JoinAll(a, b);
        _scene.Log.Expect("again InvalidOperationException", "b 2", "a 1");
    });

    [Fact]
    public void A_flow_that_its_coroutine_left_behind_takes_no_place_in_the_line() => _scene.Run(async () =>
    {
        Task<int>? flow = null;
        await _scene.Go("a", () =>
        {
            flow = LeftBehindAsync();
            return Task.CompletedTask;
        });
        await Scenario.Sleep(2);
        Coroutine b = Getter("b");
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        await b;
        Assert.Contains("has ended", (await Assert.ThrowsAsync<InvalidOperationException>(() => flow!)).Message, StringComparison.Ordinal);
        _scene.Log.Expect("a", "b 1");

        async Task<int> LeftBehindAsync()
        {
            await Scenario.Sleep(1);
            return await _queue.GetAsync();
        }
    });

    private void Fill()
    {
        _queue.PutNoWait(1);
        _queue.PutNoWait(2);
    }

    private List<int> Drain()
    {
        List<int> items = [];
        while (_queue.TryGet(out int item))
            items.Add(item);
        return items;
    }

    private Coroutine Getter(string name) => _scene.Go(name, async () => await _queue.GetAsync());

    private Coroutine Putter(string name, int item) => _scene.Go(name, async () => await _queue.PutAsync(item));
}
