using Conformance.Support;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Xunit;

namespace Conformance.Waiting;

/// <summary>TaskDone and Join as in Python, and shutting down.</summary>
public class QueueEndingTests
{
    private readonly Scenario _scene = new();
    private readonly AsyncQueue<int> _queue = new(2, "the queue");

    [Fact]
    public void A_join_waits_until_every_item_that_was_put_is_counted_done()
    {
        _scene.Run(async () =>
        {
            _queue.PutNoWait(1);
            _queue.PutNoWait(2);
            Coroutine joiner = Coroutine.Spawn(async () =>
            {
                await _queue.JoinAsync();
                _scene.At("joined");
            });
            for (int i = 0; i < 2; i++)
            {
                await _queue.GetAsync();
                await Scenario.Sleep(1);
                _queue.TaskDone();
            }

            await joiner;
        });
        _scene.Log.Expect("2 joined");
    }

    [Fact]
    public void A_join_of_a_queue_with_nothing_unfinished_does_not_wait() => _scene.Run(async () =>
    {
        await _queue.JoinAsync();
        Assert.True(await _queue.JoinAsync(TimeSpan.Zero));
    });

    [Fact]
    public void A_join_with_a_timeout_says_whether_all_is_done() => _scene.Run(async () =>
    {
        _queue.PutNoWait(1);
        Assert.False(await _queue.JoinAsync(Scenario.Seconds(1)));
        _queue.GetNoWait();
        _queue.TaskDone();
        Assert.True(await _queue.JoinAsync(Scenario.Seconds(1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _queue.JoinAsync(Scenario.Seconds(-1)));
    });

    [Fact]
    public void One_task_done_too_many_is_an_error_that_names_the_queue() => _scene.Run(() =>
    {
        _queue.PutNoWait(1);
        _queue.GetNoWait();
        _queue.TaskDone();
        var error = Assert.Throws<InvalidOperationException>(_queue.TaskDone);
        Assert.Contains("AsyncQueue 'the queue'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _queue.UnfinishedCount);
        return Task.CompletedTask;
    });

    [Fact]
    public void An_item_handed_to_one_that_waits_is_unfinished_too_and_stays_so_when_that_is_killed() => _scene.Run(async () =>
    {
        Coroutine a = Getter("a");
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        Assert.Equal(1, _queue.UnfinishedCount);
        a.Kill();
        await a.JoinAsync();
        Assert.Equal(1, _queue.UnfinishedCount);
        Assert.Equal(1, _queue.GetNoWait());
    });

    [Fact]
    public void A_put_that_waits_is_not_unfinished_until_it_has_room_and_one_withdrawn_is_so_no_more() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = Putter("a");
        await Coroutine.Yield();
        Assert.Equal(2, _queue.UnfinishedCount);
        _queue.GetNoWait();
        Assert.Equal(3, _queue.UnfinishedCount);
        a.Kill();
        Assert.Equal(2, _queue.UnfinishedCount);
        await a.JoinAsync();
    });

    [Fact]
    public void After_a_shutdown_puts_throw_and_gets_drain_and_then_throw() => _scene.Run(async () =>
    {
        Fill();
        _queue.Shutdown();
        Assert.True(_queue.IsShutdown);
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _queue.PutAsync(3));
        Assert.Throws<QueueShutdownException>(() => _queue.TryPut(3));
        Assert.Throws<QueueShutdownException>(() => _queue.PutNoWait(3));
        Assert.Equal(1, await _queue.GetAsync());
        Assert.Equal(2, _queue.GetNoWait());
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _queue.GetAsync());
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _queue.GetAsync(Scenario.Seconds(1)));
        Assert.Contains("'the queue'", Assert.Throws<QueueShutdownException>(() => _queue.GetNoWait()).Message, StringComparison.Ordinal);
        Assert.False(_queue.TryGet(out _));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shutdown_ends_the_waits_of_getters(bool immediate)
    {
        _scene.Run(async () =>
        {
            Coroutine a = Getter("a");
            Coroutine b = _scene.Go("b", async () => await _queue.GetAsync(Scenario.Seconds(9)));
            await Coroutine.Yield();
            _queue.Shutdown(immediate);
            await Coroutine.JoinAll(a, b);
        });
        _scene.Log.Expect("a QueueShutdownException", "b QueueShutdownException");
        Assert.Equal(TimeSpan.Zero, _scene.Clock.Elapsed);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public void A_shutdown_ends_the_waits_of_putters_whose_items_are_still_theirs(bool immediate, int left)
    {
        _scene.Run(async () =>
        {
            Fill();
            Coroutine a = Putter("a");
            await Coroutine.Yield();
            _queue.Shutdown(immediate);
            await a;
            Assert.Equal(left, _queue.Count);
            Assert.Equal(left, _queue.UnfinishedCount);
        });
        _scene.Log.Expect("a QueueShutdownException");
    }

    [Fact]
    public void An_immediate_shutdown_drops_the_rest_counts_them_done_and_wakes_joiners() => _scene.Run(async () =>
    {
        Fill();
        Coroutine joiner = _scene.Go("joiner", async () => await _queue.JoinAsync());
        await Coroutine.Yield();
        _queue.Shutdown(immediate: true);
        await joiner;
        _scene.Log.Expect("joiner");
        await Assert.ThrowsAsync<QueueShutdownException>(async () => await _queue.GetAsync());
    });

    [Fact]
    public void An_immediate_shutdown_leaves_joiners_waiting_for_what_is_being_worked_on() => _scene.Run(async () =>
    {
        Fill();
        _queue.GetNoWait();
        Coroutine joiner = _scene.Go("joiner", async () => await _queue.JoinAsync());
        await Coroutine.Yield();
        _queue.Shutdown(immediate: true);
        Assert.Equal(1, _queue.UnfinishedCount);
        await Scenario.Sleep(1);
        Assert.True(joiner.IsAlive);
        _queue.TaskDone();
        await joiner;
    });

    [Fact]
    public void A_shutdown_that_is_not_immediate_leaves_joiners_waiting_until_all_is_done() => _scene.Run(async () =>
    {
        _queue.PutNoWait(1);
        Coroutine joiner = _scene.Go("joiner", async () => await _queue.JoinAsync());
        await Coroutine.Yield();
        _queue.Shutdown();
        await Scenario.Sleep(1);
        Assert.True(joiner.IsAlive);
        _queue.GetNoWait();
        _queue.TaskDone();
        await joiner;
    });

    [Fact]
    public void An_item_that_was_handed_out_before_an_immediate_shutdown_is_its_getters()
    {
        _scene.Run(async () =>
        {
            Coroutine a = Getter("a");
            await Coroutine.Yield();
            _queue.PutNoWait(1);
            _queue.Shutdown(immediate: true);
            await a;
            Assert.Equal(1, _queue.UnfinishedCount);
        });
        _scene.Log.Expect("a 1");
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void An_item_whose_getter_is_killed_after_the_shutdown_is_dropped_where_all_are_and_else_stays(bool immediate, int left) => _scene.Run(async () =>
    {
        Coroutine a = Getter("a");
        await Coroutine.Yield();
        _queue.PutNoWait(1);
        _queue.Shutdown(immediate);
        a.Kill();
        Assert.Equal((left, left), (_queue.Count, _queue.UnfinishedCount));
        await a.JoinAsync();
        Assert.Equal(left == 1, _queue.TryGet(out _));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_put_that_had_its_room_before_the_shutdown_has_happened(bool immediate)
    {
        _scene.Run(async () =>
        {
            Fill();
            Coroutine a = Putter("a");
            await Coroutine.Yield();
            _queue.GetNoWait();
            _queue.Shutdown(immediate);
            await a;
            // One is worked on.
            Assert.Equal(immediate ? 1 : 3, _queue.UnfinishedCount);
        });
        _scene.Log.Expect("a");
    }

    [Fact]
    public void A_put_that_is_killed_after_its_item_was_dropped_is_not_counted_done_twice() => _scene.Run(async () =>
    {
        Fill();
        Coroutine a = Putter("a");
        await Coroutine.Yield();
        _queue.GetNoWait();
        _queue.Shutdown(immediate: true);
        a.Kill();
        await a.JoinAsync();
        Assert.Equal(1, _queue.UnfinishedCount);
    });

    [Fact]
    public void Items_that_were_counted_done_before_they_were_taken_are_not_counted_again_when_they_are_dropped() => _scene.Run(async () =>
    {
        Fill();
        _queue.TaskDone();
        _queue.Shutdown(immediate: true);
        Assert.Equal(0, _queue.UnfinishedCount);
        Assert.Throws<InvalidOperationException>(_queue.TaskDone);
        await _queue.JoinAsync();
    });

    [Fact]
    public void Await_foreach_gives_each_item_as_it_comes_until_the_queue_is_shut_down_and_empty()
    {
        _scene.Run(async () =>
        {
            Coroutine reader = _scene.Go("reader", async () =>
            {
                await foreach (int item in _queue)
                    _scene.At($"{item}");
            });
            await _queue.PutAsync(1);
            await Scenario.Sleep(1);
            Fill();
            _queue.Shutdown();
            await reader;
        });
        _scene.Log.Expect("0 1", "1 1", "1 2", "reader");
    }

    [Fact]
    public void Await_foreach_over_a_queue_that_is_shut_down_already_gives_nothing() => _scene.Run(async () =>
    {
        _queue.Shutdown();
        await foreach (int _ in _queue)
            Assert.Fail("There was something in it.");
    });

    [Fact]
    public void Shutting_down_twice_is_as_once() => _scene.Run(() =>
    {
        Fill();
        _queue.Shutdown();
        _queue.Shutdown();
        Assert.Equal(2, _queue.Count);
        _queue.Shutdown(immediate: true);
        Assert.Equal((0, 0), (_queue.Count, _queue.UnfinishedCount));
        return Task.CompletedTask;
    });

    private void Fill()
    {
        _queue.PutNoWait(1);
        _queue.PutNoWait(2);
    }

    private Coroutine Getter(string name) => _scene.Go(name, async () => await _queue.GetAsync());

    private Coroutine Putter(string name) => _scene.Go(name, async () => await _queue.PutAsync(3));
}
