using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine.WaitAny and Coroutine.WaitAll.</summary>
public class WaitManyTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void WaitAny_gives_the_one_that_ended_first()
    {
        _run.Run(async () =>
        {
            Coroutine two = Sleeper("two", 2);
            Coroutine one = Sleeper("one", 1);
            _run.At((await Coroutine.WaitAny([two, one]))!.Name);
            await two;
            // Both have ended by now: still the earliest.
            _run.At((await Coroutine.WaitAny([two, one]))!.Name);
            _run.At((await Coroutine.WaitAny([two]))!.Name);
        });
        _run.Log.Expect("1 one", "2 one", "2 two");
    }

    [Fact]
    public void WaitAny_gives_null_when_the_time_is_over_first_and_when_there_are_none()
    {
        _run.Run(async () =>
        {
            Coroutine late = Sleeper("late", 5);
            _run.At($"{await Coroutine.WaitAny([late], VirtualRun.Seconds(1)) is null}");
            _run.At($"{await Coroutine.WaitAny([late], TimeSpan.Zero) is null}");
            _run.At($"{await Coroutine.WaitAny([]) is null}");
            _run.At((await Coroutine.WaitAny([late], Timeout.InfiniteTimeSpan))!.Name);
            _run.At((await Coroutine.WaitAny([late], TimeSpan.Zero))!.Name);
        });
        _run.Log.Expect("1 True", "1 True", "1 True", "5 late", "5 late");
    }

    [Fact]
    public void WaitAny_counts_kills_and_failures_as_ends_and_throws_neither() => _run.Run(async () =>
    {
        Coroutine failing = Coroutine.Spawn(() => Bodies.FailAfter(1, "broken"));
        Coroutine killed = Sleeper("killed", 9);
        Assert.Same(failing, await Coroutine.WaitAny([killed, failing]));
        killed.Kill();
        Assert.Same(killed, await Coroutine.WaitAny([killed]));
        Assert.Equal("broken", failing.Exception!.Message);
    });

    [Fact]
    public void WaitAny_of_coroutines_with_results_gives_one_with_a_result() => _run.Run(async () =>
    {
        List<Coroutine<int>> both = [Giver(2, 20), Giver(1, 10)];
        Coroutine<int>? first = await Coroutine.WaitAny(both);
        Assert.Equal(10, first!.Result);
        IReadOnlyList<Coroutine<int>> all = await Coroutine.WaitAll(both);
        Assert.Equal([10, 20], all.Select(one => one.Result));
    });

    [Fact]
    public void WaitAll_gives_them_in_the_order_of_their_ends_and_each_once()
    {
        _run.Run(async () =>
        {
            Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask, Named("ended"));
            await ended;
            Coroutine two = Sleeper("two", 2);
            Coroutine one = Sleeper("one", 1);
            At(await Coroutine.WaitAll([two, one, ended, two, one]));
            At(await Coroutine.WaitAll([two, one, ended, two, one]));
            At(await Coroutine.WaitAll([]));
        });
        _run.Log.Expect("2 ended one two", "2 ended one two", "2 ");
    }

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(1, 1, "one")]
    [InlineData(2, 2, "one two")]
    [InlineData(3, 3, "one two three")]
    [InlineData(4, 3, "one two three")]
    public void WaitAll_with_a_count_goes_on_when_so_many_have_ended(int count, int time, string names)
    {
        _run.Run(async () =>
        {
            Coroutine[] sleepers = [Sleeper("three", 3), Sleeper("two", 2), Sleeper("one", 1)];
            At(await Coroutine.WaitAll([.. sleepers, sleepers[0]], count));
            await Coroutine.JoinAll(sleepers);
            At(await Coroutine.WaitAll(sleepers, count));
        });
        _run.Log.Expect($"{time} {names}", $"3 {names}");
    }

    [Fact]
    public void WaitAll_with_a_timeout_gives_those_that_have_ended_by_then()
    {
        _run.Run(async () =>
        {
            Coroutine[] sleepers = [Sleeper("three", 3), Sleeper("two", 2), Sleeper("one", 1)];
            At(await Coroutine.WaitAll(sleepers, timeout: VirtualRun.Seconds(0.5)));
            At(await Coroutine.WaitAll(sleepers, 3, VirtualRun.Seconds(1)));
            At(await Coroutine.WaitAll(sleepers, timeout: Timeout.InfiniteTimeSpan));
        });
        _run.Log.Expect("0.5 ", "1.5 one", "3 one two three");
    }

    [Fact]
    public void An_end_in_the_tick_in_which_the_time_is_over_is_not_missed()
    {
        _run.Run(async () =>
        {
            Coroutine child = Sleeper("child", 1);
            Coroutine all = Coroutine.Spawn(async () => At(await Coroutine.WaitAll([child], timeout: VirtualRun.Seconds(1))));
            Coroutine any = Coroutine.Spawn(async () => _run.At($"{await Coroutine.WaitAny([child], VirtualRun.Seconds(1)) == child}"));
            await Coroutine.JoinAll(all, any);
        });
        _run.Log.Expect("1 child", "1 True");
    }

    [Fact]
    public void A_deadline_or_a_kill_ends_the_wait_and_leaves_the_coroutines_alone()
    {
        _run.Run(async () =>
        {
            Coroutine child = Sleeper("child", 5);
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Coroutine.WaitAny([child])));
            Coroutine waiter = Coroutine.Spawn(() => Coroutine.WaitAll([child]));
            Coroutine any = Coroutine.Spawn(() => Coroutine.WaitAny([child, waiter]));
            await Coroutine.Yield();
            Assert.Equal("all of 'child'", waiter.BlockedOn);
            Assert.Equal($"any of 'child', '{waiter.Name}'", any.BlockedOn);
            any.Kill();
            waiter.Kill();
            await Coroutine.JoinAll(any, waiter);
            _run.At($"{any.State} {waiter.State} {child.State}");
            await child;
        });
        _run.Log.Expect("1 Killed Killed Blocked");
    }

    [Fact]
    public void A_waiter_that_is_killed_after_the_end_and_before_it_runs_is_killed() => _run.Run(async () =>
    {
        Coroutine child = Sleeper("child", 5);
        Coroutine waiter = Coroutine.Spawn(() => Coroutine.WaitAny([child]));
        Coroutine other = Coroutine.Spawn(() => Coroutine.WaitAny([child]));
        await Coroutine.Yield();
        child.Kill();
        await Coroutine.Yield();
        Assert.Equal(CoroutineState.Killed, child.State);
        waiter.Kill();
        await Coroutine.JoinAll(waiter, other);
        Assert.Equal(CoroutineState.Killed, waiter.State);
        Assert.Equal(CoroutineState.Completed, other.State);
    });

    [Fact]
    public void A_token_ends_the_wait() => _run.Run(async () =>
    {
        Coroutine child = Sleeper("child", 5);
        using CancellationTokenSource cancellation = new();
        // Not CancelAsync: that goes by a thread of the pool, for which virtual time does not wait long.
        _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () =>
        {
            cancellation.Cancel();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<OperationCanceledException>(() => Coroutine.WaitAny([child], cancellationToken: cancellation.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => Coroutine.WaitAll([child], cancellationToken: cancellation.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await child.JoinAsync(cancellationToken: cancellation.Token));
        Assert.True(child.IsAlive);
    });

    [Fact]
    public void Waiting_for_what_has_ended_over_and_over_starves_nobody()
    {
        _run.Run(async () =>
        {
            Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask);
            await ended;
            _ = Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    await Coroutine.WaitAny([ended]);
                    await Coroutine.JoinAll(ended);
                    await ended.JoinAsync();
                    await ended;
                }

                _run.Log.Add("looped");
            });
            await Coroutine.Yield();
            _run.Log.Add("the other's turn");
        });
        _run.Log.Expect("the other's turn", "looped");
    }

    [Fact]
    public void Bad_input_is_refused_at_once() => _run.Run(async () =>
    {
        Coroutine child = Sleeper("child", 1);
        Refused.AtOnce<ArgumentNullException>(() => Coroutine.WaitAny(null!));
        Refused.AtOnce<ArgumentException>(() => Coroutine.WaitAny([child, null!]));
        Refused.AtOnce<ArgumentOutOfRangeException>(() => Coroutine.WaitAny([child], VirtualRun.Seconds(-1)));
        Refused.AtOnce<ArgumentNullException>(() => Coroutine.WaitAll(null!));
        Refused.AtOnce<ArgumentException>(() => Coroutine.WaitAll([null!]));
        Refused.AtOnce<ArgumentOutOfRangeException>(() => Coroutine.WaitAll([child], -1));
        Refused.AtOnce<ArgumentOutOfRangeException>(() => Coroutine.WaitAll([child], 1, VirtualRun.Seconds(-1)));
        Refused.AtOnce<ArgumentException>(() => Coroutine.JoinAll([child, null!]));
        await child;
    });

    [Fact]
    public void A_coroutine_of_another_scheduler_is_refused()
    {
        Coroutine foreign = null!;
        new VirtualRun().Run(async () =>
        {
            foreign = Coroutine.Current;
            await Coroutine.Yield();
        });
        _run.Run(async () =>
        {
            InvalidOperationException error = Refused.AtOnce<InvalidOperationException>(() => Coroutine.WaitAny([foreign]));
            Assert.Contains("another scheduler", error.Message, StringComparison.Ordinal);
            Refused.AtOnce<InvalidOperationException>(() => Coroutine.WaitAll([foreign]));
            Refused.AtOnce<InvalidOperationException>(() => Coroutine.WaitEach([foreign]));
            Refused.AtOnce<InvalidOperationException>(() => Coroutine.KillAll([foreign]));
            await Coroutine.Yield();
        });
    }

    private static SpawnOptions Named(string name) => new() { Name = name };

    private static Coroutine Sleeper(string name, double seconds) => Coroutine.Spawn(() => Bodies.SleepFor(seconds), Named(name));

    private static Coroutine<int> Giver(double seconds, int result) => Coroutine.Spawn(async () =>
    {
        await Bodies.SleepFor(seconds);
        return result;
    });

    private void At(IEnumerable<Coroutine> ended) => _run.At(string.Join(' ', ended.Select(one => one.Name)));
}
