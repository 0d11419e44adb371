using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>JoinAsync and JoinAll.</summary>
public class JoiningTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void JoinAsync_returns_whether_it_ended()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(3));
            _run.At($"{await child.JoinAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await child.JoinAsync(TimeSpan.Zero)}");
            _run.At($"{await child.JoinAsync(VirtualRun.Seconds(10))}");
            _run.At($"{await child.JoinAsync(TimeSpan.Zero)}");
            _run.At($"{await child.JoinAsync()}");
        });
        _run.Log.Expect("1 False", "1 False", "3 True", "3 True", "3 True");
    }

    [Fact]
    public void JoinAsync_never_throws_the_bodys_error_nor_its_kill() => _run.Run(async () =>
    {
        Coroutine failed = Coroutine.Spawn(() => Bodies.Fail("broken"));
        Coroutine killed = Coroutine.Spawn(Bodies.SleepForEver);
        await Coroutine.Yield();
        killed.Kill();
        Assert.True(await failed.JoinAsync());
        Assert.True(await killed.JoinAsync());
        Assert.NotNull(failed.Exception);
    });

    [Fact]
    public void JoinAsync_says_true_when_end_and_timeout_fall_on_the_same_tick()
    {
        _run.Run(async () =>
        {
            // The child's timer is set first, so at 1 s it ends before the joiner goes on.
            Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(1));
            await Coroutine.Yield();
            bool ended = await child.JoinAsync(VirtualRun.Seconds(1));
            _run.At($"{ended} {child.State}");
            child = Coroutine.Spawn(() => Bodies.SleepFor(1));
            await Coroutine.Yield();
            ended = await Coroutine.JoinAll([child], VirtualRun.Seconds(1));
            _run.At($"{ended} {child.State}");
        });
        _run.Log.Expect("1 True Completed", "2 True Completed");
    }

    [Fact]
    public void Several_may_join_one_and_go_on_in_the_order_they_came()
    {
        _run.Run(async () =>
        {
            Coroutine target = Coroutine.Spawn(() => Bodies.SleepFor(1));
            Coroutine[] joiners = [.. Enumerable.Range(1, 3).Select(number => Coroutine.Spawn(async () =>
            {
                await target;
                _run.At($"{number}");
            }))];
            await Coroutine.JoinAll(joiners);
        });
        _run.Log.Expect("1 1", "1 2", "1 3");
    }

    [Fact]
    public void Awaiting_a_killed_one_throws_its_kill() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(Bodies.SleepForEver, new SpawnOptions { Name = "child" });
        Coroutine<int> withResult = Coroutine.Spawn(async () =>
        {
            await Bodies.SleepForEver();
            return 1;
        });
        await Coroutine.Yield();
        child.Kill();
        withResult.Kill();
        Assert.Equal("child", (await Assert.ThrowsAsync<CoroutineKilledException>(async () => await child)).CoroutineName);
        await Assert.ThrowsAsync<CoroutineKilledException>(async () => await withResult);
        Assert.Throws<CoroutineKilledException>(() => withResult.Result);
        Assert.Equal(CoroutineState.Running, Coroutine.Current.State);
    });

    [Fact]
    public void JoinAll_waits_for_all_and_counts_duplicates_once()
    {
        _run.Run(async () =>
        {
            Coroutine one = Coroutine.Spawn(() => Bodies.SleepFor(1));
            Coroutine two = Coroutine.Spawn(() => Bodies.SleepFor(2));
            Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask);
            await ended;
            Assert.True(await Coroutine.JoinAll(one, two, one, ended, two, ended));
            _run.At($"{one.State} {two.State}");
            Assert.True(await Coroutine.JoinAll(one, two));
            Assert.True(await Coroutine.JoinAll());
            _run.At("ended ones");
        });
        _run.Log.Expect("2 Completed Completed", "2 ended ones");
    }

    [Fact]
    public void JoinAll_with_a_timeout_says_false_when_it_was_over_first()
    {
        _run.Run(async () =>
        {
            Coroutine one = Coroutine.Spawn(() => Bodies.SleepFor(1));
            Coroutine two = Coroutine.Spawn(() => Bodies.SleepFor(10));
            _run.At($"{await Coroutine.JoinAll([one, two], TimeSpan.Zero)}");
            _run.At($"{await Coroutine.JoinAll([one, two], VirtualRun.Seconds(5))} {one.State} {two.State}");
            _run.At($"{await Coroutine.JoinAll([one, two], VirtualRun.Seconds(5.5))}");
        });
        _run.Log.Expect("0 False", "5 False Completed Blocked", "10 True");
    }

    [Fact]
    public void JoinAll_with_raiseError_surfaces_the_earliest_failure_at_once()
    {
        _run.Run(async () =>
        {
            Coroutine later = Coroutine.Spawn(() => Bodies.FailAfter(3, "later"));
            Coroutine earlier = Coroutine.Spawn(() => Bodies.FailAfter(2, "earlier"));
            Coroutine good = Coroutine.Spawn(() => Bodies.SleepFor(9));
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => Coroutine.JoinAll([later, earlier, good], raiseError: true));
            _run.At(error.Message);
            Assert.True(good.IsAlive);
            await Coroutine.JoinAll(later, good);
            // Both have failed by now, and 'later' is named first: still the earliest.
            error = await Assert.ThrowsAsync<InvalidOperationException>(() => Coroutine.JoinAll([later, good, earlier], raiseError: true));
            _run.At(error.Message);
            Assert.NotNull(later.Exception);
        });
        _run.Log.Expect("2 earlier", "9 earlier");
    }

    [Fact]
    public void JoinAll_without_raiseError_throws_nothing_and_a_killed_one_is_no_failure() => _run.Run(async () =>
    {
        Coroutine failed = Coroutine.Spawn(() => Bodies.FailAfter(1, "broken"));
        Coroutine killed = Coroutine.Spawn(Bodies.SleepForEver);
        killed.Kill();
        Assert.True(await Coroutine.JoinAll(failed, killed));
        Assert.True(await Coroutine.JoinAll([killed], raiseError: true));
        Assert.NotNull(failed.Exception);
    });

    [Fact]
    public void A_joiner_that_is_killed_leaves_the_joined_ones_alone()
    {
        _run.Run(async () =>
        {
            Coroutine target = Coroutine.Spawn(() => Bodies.SleepFor(5));
            Coroutine one = Coroutine.Spawn(async () => await target);
            Coroutine all = Coroutine.Spawn(() => Coroutine.JoinAll(target));
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            Assert.Equal("all of 'coroutine-2'", all.BlockedOn);
            Assert.Equal("coroutine 'coroutine-2'", one.BlockedOn);
            await one.KillAsync();
            await all.KillAsync();
            _run.At($"{one.State} {all.State} {target.State}");
            await target;
            _run.At($"{target.State}");
        });
        _run.Log.Expect("1 Killed Killed Blocked", "5 Completed");
    }

    [Fact]
    public void Negative_timeouts_are_refused_and_infinite_ones_wait_for_ever() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(1_000_000));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await child.JoinAsync(VirtualRun.Seconds(-1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Coroutine.JoinAll([child], VirtualRun.Seconds(-1)));
        Assert.True(await child.JoinAsync(Timeout.InfiniteTimeSpan));
        Assert.True(await Coroutine.JoinAll([child], Timeout.InfiniteTimeSpan));
    });
}
