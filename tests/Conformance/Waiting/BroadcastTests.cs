using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

public class BroadcastTests
{
    private readonly Scenario _scene = new();
    private readonly Broadcast<int> _source = new("the source");

    [Fact]
    public void Each_subscriber_gets_all_that_is_published_after_it_came_in_order() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> early = _source.Subscribe();
        await _source.PublishAsync(1);
        BroadcastSubscription<int> late = _source.Subscribe();
        await _source.PublishAsync(2);
        await _source.PublishAsync(3);
        Assert.Equal([1, 2, 3], Drain(early));
        Assert.Equal([2, 3], Drain(late));
    });

    [Fact]
    public void What_is_published_without_subscribers_is_seen_by_nobody() => _scene.Run(async () =>
    {
        await _source.PublishAsync(1);
        Assert.Empty(Drain(_source.Subscribe()));
    });

    [Fact]
    public void A_publisher_waits_for_a_slow_subscriber_and_with_it_all_the_others_do()
    {
        _scene.Run(async () =>
        {
            BroadcastSubscription<int> slow = _source.Subscribe(1);
            BroadcastSubscription<int> fast = _source.Subscribe();
            await _source.PublishAsync(1);
            Coroutine publisher = _scene.Go("published", async () => await _source.PublishAsync(2));
            await Scenario.Sleep(1);
            Assert.Equal([1], Drain(fast));
            Assert.True(publisher.IsAlive);
            Assert.Equal(1, await slow.GetAsync());
            Assert.Equal([2], Drain(fast));
            await publisher;
            Assert.Equal([2], Drain(slow));
        });
        _scene.Log.Expect("published");
    }

    [Fact]
    public void A_publisher_that_leaves_while_it_waits_has_published_to_nobody() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(1);
        BroadcastSubscription<int> fast = _source.Subscribe();
        await _source.PublishAsync(1);
        Coroutine killed = _scene.Go("killed", async () => await _source.PublishAsync(2));
        Coroutine late = _scene.Go("late", () => Deadline.RunAsync(Scenario.Seconds(1), async () => await _source.PublishAsync(3)));
        await Coroutine.Yield();
        killed.Kill();
        await Scenario.Sleep(2);
        Assert.Equal([1], Drain(slow));
        Assert.Equal([1], Drain(fast));
        await Coroutine.JoinAll(killed, late);
    });

    [Fact]
    public void A_publisher_whose_item_went_out_has_published_though_it_is_killed_before_it_runs() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(1);
        await _source.PublishAsync(1);
        Coroutine publisher = _scene.Go("publisher", async () =>
        {
            await _source.PublishAsync(2);
            _scene.Log.Add("published");
            await Coroutine.Yield();
        });
        await Coroutine.Yield();
        Assert.Equal([1, 2], Drain(slow));
        publisher.Kill();
        await publisher.JoinAsync();
        _scene.Log.Expect("published", "publisher killed");
    });

    [Fact]
    public void Publishers_are_served_in_the_order_in_which_they_came_and_a_try_does_not_overtake() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(1);
        Assert.True(_source.TryPublish(1));
        Coroutine[] publishers = [.. Enumerable.Range(2, 2).Select(i => _scene.Go($"{i}", async () => await _source.PublishAsync(i)))];
        await Coroutine.Yield();
        Assert.False(_source.TryPublish(9));
        Assert.Equal([1, 2, 3], Drain(slow));
        await Coroutine.JoinAll(publishers);
    });

    [Fact]
    public void A_slow_subscriber_may_lose_its_oldest() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(2, SlowSubscriber.DropOldest);
        for (int i = 1; i <= 5; i++)
            await _source.PublishAsync(i);
        Assert.Equal(3, slow.Dropped);
        Assert.Equal([4, 5], Drain(slow));
    });

    [Fact]
    public void One_that_got_an_item_back_beyond_its_capacity_loses_as_many_as_it_takes() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(1, SlowSubscriber.DropOldest);
        Coroutine a = _scene.Go("a", async () => await slow.GetAsync());
        await Coroutine.Yield();
        await _source.PublishAsync(1);
        await _source.PublishAsync(2);
        a.Kill();
        Assert.Equal(2, slow.Count);
        await _source.PublishAsync(3);
        Assert.Equal(2, slow.Dropped);
        Assert.Equal([3], Drain(slow));
        await a.JoinAsync();
    });

    [Fact]
    public void A_slow_subscriber_may_miss_the_newest() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(2, SlowSubscriber.DropNewest);
        for (int i = 1; i <= 5; i++)
            await _source.PublishAsync(i);
        Assert.Equal(3, slow.Dropped);
        Assert.Equal([1, 2], Drain(slow));
    });

    [Fact]
    public void A_slow_subscriber_may_be_cut_off_and_gets_what_it_has_before_the_error() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> slow = _source.Subscribe(2, SlowSubscriber.Disconnect);
        for (int i = 1; i <= 3; i++)
            await _source.PublishAsync(i);
        Assert.True(slow.IsDisconnected);
        Assert.Equal(0, _source.SubscriberCount);
        Assert.Equal(1, await slow.GetAsync());
        Assert.Equal(2, await slow.GetAsync());
        await Assert.ThrowsAsync<SubscriberTooSlowException>(async () => await slow.GetAsync());
        await Assert.ThrowsAsync<SubscriberTooSlowException>(async () =>
        {
            await foreach (int _ in slow)
                Assert.Fail("There was more.");
        });
    });

    [Fact]
    public void A_subscriber_that_leaves_is_waited_for_no_more()
    {
        _scene.Run(async () =>
        {
            BroadcastSubscription<int> slow = _source.Subscribe(1);
            await _source.PublishAsync(1);
            Coroutine publisher = _scene.Go("published", async () => await _source.PublishAsync(2));
            await Coroutine.Yield();
            slow.Dispose();
            await publisher;
            await Assert.ThrowsAsync<QueueShutdownException>(async () => await slow.GetAsync());
            slow.Dispose();
        });
        _scene.Log.Expect("published");
    }

    [Fact]
    public void An_item_whose_getter_is_killed_before_it_runs_is_still_the_subscribers()
    {
        _scene.Run(async () =>
        {
            BroadcastSubscription<int> mine = _source.Subscribe(1);
            Coroutine a = _scene.Go("a", async () => await mine.GetAsync());
            await Coroutine.Yield();
            await _source.PublishAsync(1);
            await _source.PublishAsync(2);
            a.Kill();
            Coroutine publisher = _scene.Go("published", async () => await _source.PublishAsync(3));
            await Coroutine.Yield();
            Assert.Equal([1, 2, 3], Drain(mine));
            await Coroutine.JoinAll(a, publisher);
        });
        _scene.Log.Expect("a killed", "published");
    }

    [Fact]
    public void After_a_shutdown_publishing_throws_and_subscribers_get_what_they_have_and_then_the_end() => _scene.Run(async () =>
    {
        BroadcastSubscription<int> mine = _source.Subscribe(1);
        await _source.PublishAsync(1);
        Coroutine waiting = _scene.Go("waiting", async () => await _source.PublishAsync(2));
        await Coroutine.Yield();
        _source.Shutdown();
        await waiting;
        _scene.Log.Expect("waiting QueueShutdownException");
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _source.PublishAsync(3));
        Assert.Throws<QueueShutdownException>(() => _source.TryPublish(3));
        Assert.Throws<QueueShutdownException>(() => _source.Subscribe());
        List<int> got = [];
        await foreach (int item in mine)
            got.Add(item);
        Assert.Equal([1], got);
    });

    private static List<int> Drain(BroadcastSubscription<int> subscription)
    {
        List<int> items = [];
        while (subscription.TryGet(out int item))
            items.Add(item);
        return items;
    }
}
