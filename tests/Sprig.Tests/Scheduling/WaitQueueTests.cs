using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class WaitQueueTests
{
    private readonly VirtualRun _run = new();
    private readonly WaitQueue _queue = new("the queue");

    [Fact]
    public void Waiters_are_woken_first_come_first_served()
    {
        _run.Run(async () =>
        {
            Assert.False(_queue.WakeOne());
            Assert.Equal(0, _queue.WakeAll());
            Waiters("a", "b", "c");
            await Coroutine.Yield();
            Assert.Equal(3, _queue.Count);
            Assert.True(_queue.WakeOne());
            await Coroutine.Yield();
            _run.Log.Add("woke one");
            Assert.Equal(2, _queue.WakeAll());
            Assert.Equal(0, _queue.Count);
            await Coroutine.Yield();
        });
        _run.Log.Expect("a", "woke one", "b", "c");
    }

    [Fact]
    public void A_waiter_that_was_woken_and_is_killed_before_it_runs_passes_the_wake_on()
    {
        _run.Run(async () =>
        {
            Coroutine[] waiters = Waiters("a", "b", "c");
            await Coroutine.Yield();
            _queue.WakeOne();
            waiters[0].Kill();
            Assert.Equal(1, _queue.Count);
            await Coroutine.Yield();
            _queue.WakeAll();
            await Coroutine.JoinAll(waiters);
        });
        _run.Log.Expect("a threw", "b", "c");
    }

    [Theory]
    [InlineData("a", "b", "c", "d")]
    [InlineData("b", "a", "c", "d")]
    [InlineData("c", "a", "b", "d")]
    [InlineData("d", "a", "b", "c")]
    public void One_that_leaves_leaves_the_others_order_alone(string leaver, params string[] others)
    {
        _run.Run(async () =>
        {
            Coroutine[] waiters = Waiters("a", "b", "c", "d");
            await Coroutine.Yield();
            waiters.Single(waiter => waiter.Name == leaver).Kill();
            Assert.Equal(3, _queue.Count);
            _queue.WakeAll();
            await Coroutine.JoinAll(waiters);
        });
        _run.Log.Expect([$"{leaver} threw", .. others]);
    }

    [Fact]
    public void A_wait_with_a_timeout_says_whether_it_was_woken()
    {
        _run.Run(async () =>
        {
            Coroutine.SpawnAfter(VirtualRun.Seconds(1.5), () => Task.FromResult(_queue.WakeOne())).Name = "waker";
            _run.At($"{await _queue.WaitAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await _queue.WaitAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await _queue.WaitAsync(TimeSpan.Zero)}");
            Assert.Equal(0, _queue.Count);
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _queue.WaitAsync(VirtualRun.Seconds(-1)));
            Assert.Equal(0, _queue.Count);
        });
        _run.Log.Expect("1 False", "1.5 True", "1.5 False");
    }

    [Fact]
    public void A_timeout_in_the_middle_leaves_the_others_waiting()
    {
        _run.Run(async () =>
        {
            Coroutine[] waiters =
            [
                Waiter("a"),
                Coroutine.Spawn(async () => _run.At($"b {await _queue.WaitAsync(VirtualRun.Seconds(1))}")),
                Waiter("c"),
            ];
            await Bodies.SleepFor(2);
            Assert.Equal(2, _queue.Count);
            _queue.WakeAll();
            await Coroutine.JoinAll(waiters);
        });
        _run.Log.Expect("1 b False", "a", "c");
    }

    [Fact]
    public void A_wake_and_a_timeout_on_the_same_tick_are_settled_by_whichever_came_first_and_no_wake_is_spent_on_one_that_left()
    {
        _run.Run(async () =>
        {
            // a's timeout fires before the waker, so the wake is b's.
            Coroutine a = Coroutine.Spawn(async () => _run.At($"a {await _queue.WaitAsync(VirtualRun.Seconds(1))}"));
            Coroutine b = Coroutine.Spawn(async () => _run.At($"b {await _queue.WaitAsync(VirtualRun.Seconds(9))}"));
            await Bodies.SleepFor(1);
            Assert.True(_queue.WakeOne());
            await Coroutine.JoinAll(a, b);
        });
        _run.Log.Expect("1 a False", "1 b True");
    }

    [Fact]
    public void Wake_all_without_a_yield_still_wakes_everyone_who_waited_and_no_newcomer()
    {
        _run.Run(async () =>
        {
            Coroutine[] waiters = Waiters("a", "b");
            await Coroutine.Yield();
            _queue.WakeAll();
            Coroutine late = Waiter("late");
            await Coroutine.JoinAll(waiters);
            Assert.Equal(1, _queue.Count);
            _run.Log.Add("woken");
            _queue.WakeAll();
            await late;
        });
        _run.Log.Expect("a", "b", "woken", "late");
    }

    [Fact]
    public void One_that_waits_again_at_once_stands_at_the_end()
    {
        _run.Run(async () =>
        {
            foreach (string name in (string[])["a", "b"])
            {
                _ = Coroutine.Spawn(async () =>
                {
                    for (int i = 0; i < 2; i++)
                    {
                        await _queue.WaitAsync();
                        _run.Log.Add($"{name}{i}");
                    }
                });
            }

            for (int i = 0; i < 4; i++)
            {
                await Coroutine.Yield();
                _queue.WakeOne();
            }
        });
        _run.Log.Expect("a0", "b0", "a1", "b1");
    }

    [Fact]
    public void A_deadline_takes_the_waiter_out_of_the_line()
    {
        _run.Run(async () =>
        {
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await _queue.WaitAsync());
            _run.At($"{inTime} {_queue.Count}");
        });
        _run.Log.Expect("1 False 0");
    }

    [Fact]
    public void Waiting_outside_of_a_coroutine_is_an_error() => _run.Run(async () =>
    {
        Exception? error = null;
        CoroutineScheduler.Current.Post(() => error = Record.Exception(() => _queue.WaitAsync().Preserve()));
        await Bodies.SleepFor(1);
        Assert.Contains("No coroutine is running", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        Assert.Equal(0, _queue.Count);
    });

    private Coroutine[] Waiters(params string[] names) => [.. names.Select(Waiter)];

    private Coroutine Waiter(string name) => Coroutine.Spawn(async () =>
    {
        try
        {
            await _queue.WaitAsync();
            _run.Log.Add(name);
        }
        catch (CoroutineKilledException)
        {
            _run.Log.Add($"{name} threw");
        }
    }, new SpawnOptions { Name = name });
}
