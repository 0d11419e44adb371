using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine.WaitEach and Coroutine.KillAll.</summary>
public class WaitEachTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Each_comes_in_the_order_of_the_ends_and_once()
    {
        _run.Run(async () =>
        {
            Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask, new SpawnOptions { Name = "ended" });
            await ended;
            Coroutine two = Sleeper("two", 2);
            Coroutine one = Sleeper("one", 1);
            Coroutine failing = Coroutine.Spawn(() => Bodies.FailAfter(1.5, "broken"), new SpawnOptions { Name = "failing" });
            IAsyncEnumerable<Coroutine> each = Coroutine.WaitEach([two, one, two, ended, failing]);
            await foreach (Coroutine coroutine in each)
                _run.At(coroutine.Name);
            // Again, when all have ended.
            await foreach (Coroutine coroutine in each)
                _run.At(coroutine.Name);
            Assert.NotNull(failing.Exception);
            await foreach (Coroutine none in Coroutine.WaitEach([]))
                _run.At(none.Name);
        });
        _run.Log.Expect("0 ended", "1 one", "1.5 failing", "2 two", "2 ended", "2 one", "2 failing", "2 two");
    }

    [Fact]
    public void A_slow_reader_gets_those_that_ended_meanwhile_in_the_order_of_their_ends()
    {
        _run.Run(async () =>
        {
            Coroutine<int>[] givers = [Giver(3), Giver(1), Giver(2)];
            await foreach (Coroutine<int> giver in Coroutine.WaitEach(givers))
            {
                _run.At($"{giver.Result}");
                await Bodies.SleepFor(5);
            }
        });
        _run.Log.Expect("1 1", "6 2", "11 3");
    }

    [Fact]
    public void When_the_time_is_over_the_enumeration_ends()
    {
        _run.Run(async () =>
        {
            Coroutine[] all = [Sleeper("one", 1), Sleeper("two", 2), Sleeper("nine", 9)];
            await foreach (Coroutine coroutine in Coroutine.WaitEach(all, VirtualRun.Seconds(2)))
                _run.At(coroutine.Name);
            _run.At("over");
            await foreach (Coroutine coroutine in Coroutine.WaitEach(all, TimeSpan.Zero))
                _run.At(coroutine.Name);
        });
        _run.Log.Expect("1 one", "2 two", "2 over", "2 one", "2 two");
    }

    [Fact]
    public void Left_early_it_listens_no_more()
    {
        _run.Run(async () =>
        {
            Coroutine one = Sleeper("one", 1);
            Coroutine nine = Sleeper("nine", 9);
            await foreach (Coroutine coroutine in Coroutine.WaitEach([one, nine]))
                break;
            Assert.Empty(nine.ExtrasOrNull!.Listeners!);
            await nine;
            _run.At("end");
        });
        _run.Log.Expect("9 end");
    }

    [Fact]
    public void A_deadline_a_kill_and_a_token_end_it()
    {
        _run.Run(async () =>
        {
            Coroutine child = Sleeper("child", 9);
            Task Enumerate(CancellationToken token = default) => Drain(Coroutine.WaitEach([child], cancellationToken: default).WithCancellation(token));
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Enumerate()));
            Coroutine killed = Coroutine.Spawn(() => Enumerate());
            await Coroutine.Yield();
            await killed.KillAsync();
            Assert.Equal(CoroutineState.Killed, killed.State);
            using CancellationTokenSource cancellation = new();
            // Not CancelAsync: that goes by a thread of the pool, for which virtual time does not wait long.
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () =>
            {
                cancellation.Cancel();
                return Task.CompletedTask;
            });
            await Assert.ThrowsAsync<OperationCanceledException>(() => Enumerate(cancellation.Token));
            await Assert.ThrowsAsync<OperationCanceledException>(() => Drain(Coroutine.WaitEach([child], cancellationToken: cancellation.Token)));
            Assert.Empty(child.ExtrasOrNull!.Listeners!);
            _run.At($"{child.State}");
        });
        _run.Log.Expect("2 Blocked");
    }

    [Fact]
    public void One_killed_after_an_end_and_before_it_runs_has_taken_nothing()
    {
        _run.Run(async () =>
        {
            Coroutine child = Sleeper("child", 9);
            Coroutine reader = Coroutine.Spawn(() => Drain(Coroutine.WaitEach([child])));
            await Coroutine.Yield();
            child.Kill();
            await Coroutine.Yield();
            reader.Kill();
            await reader.JoinAsync();
            _run.At($"{child.State} {reader.State}");
            await Drain(Coroutine.WaitEach([child]));
        });
        _run.Log.Expect("0 Killed Killed", "0 child");
    }

    [Fact]
    public void An_enumeration_of_many_that_have_ended_starves_nobody()
    {
        _run.Run(async () =>
        {
            Coroutine[] all = [.. Enumerable.Range(0, 500).Select(_ => Coroutine.Spawn(() => Task.CompletedTask))];
            await Coroutine.JoinAll(all);
            _ = Coroutine.Spawn(async () =>
            {
                int count = 0;
                await foreach (Coroutine coroutine in Coroutine.WaitEach(all))
                    count++;
                _run.Log.Add($"read {count}");
            });
            for (int i = 0; i < 3; i++)
                await Coroutine.Yield();
            _run.Log.Add("the other's turn");
        });
        _run.Log.Expect("the other's turn", "read 500");
    }

    [Fact]
    public void KillAll_kills_all_and_waits_for_their_ends()
    {
        _run.Run(async () =>
        {
            Coroutine[] all = [Cleaner(1), Cleaner(3), Coroutine.Spawn(() => Task.CompletedTask), Sleeper("asleep", 9)];
            await Coroutine.Yield();
            Coroutine unborn = Sleeper("unborn", 9);
            Assert.True(await Coroutine.KillAll([.. all, unborn, all[0]]));
            _run.At(string.Join(' ', all.Append(unborn).Select(one => one.State)));
            Assert.True(await Coroutine.KillAll([]));
            Assert.True(await Coroutine.KillAll(all));
        });
        _run.Log.Expect("3 Killed Killed Completed Killed Killed");
    }

    [Fact]
    public void KillAll_says_false_when_its_time_is_over_and_gives_the_grace_on()
    {
        _run.Run(async () =>
        {
            Coroutine slow = Cleaner(9);
            Coroutine stubborn = Coroutine.Spawn(Bodies.NeverGiveUp, new SpawnOptions { Name = "stubborn", Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
            _run.At($"{await Coroutine.KillAll([slow], Timeout.InfiniteTimeSpan, VirtualRun.Seconds(2))}");
            _run.At($"{await Coroutine.KillAll([stubborn], VirtualRun.Seconds(2), VirtualRun.Seconds(3))}");
            _run.Reports.Expect("straggler stubborn");
            await slow.JoinAsync();
            _run.At($"{slow.State}");
        });
        _run.Log.Expect("2 False", "5 False", "9 Killed");
    }

    [Fact]
    public void KillAll_of_everybody_ends_the_caller_as_well()
    {
        _run.Run(async () =>
        {
            Coroutine killer = Coroutine.Spawn(async () =>
            {
                await Coroutine.KillAll([Sleeper("child", 9), Coroutine.Current]);
                _run.Log.Add("not reached");
            });
            await killer.JoinAsync();
            Assert.Equal(CoroutineState.Killed, killer.State);
        });
        _run.Log.Expect();
    }

    [Fact]
    public void KillAll_refuses_bad_input_before_it_has_killed_anybody() => _run.Run(async () =>
    {
        Coroutine child = Sleeper("child", 1);
        Refused.AtOnce<ArgumentNullException>(() => Coroutine.KillAll(null!));
        Refused.AtOnce<ArgumentException>(() => Coroutine.KillAll([child, null!]));
        Refused.AtOnce<ArgumentOutOfRangeException>(() => Coroutine.KillAll([child], VirtualRun.Seconds(-1)));
        Refused.AtOnce<ArgumentOutOfRangeException>(() => Coroutine.KillAll([child], timeout: VirtualRun.Seconds(-1)));
        await child;
        Assert.Equal(CoroutineState.Completed, child.State);
    });

    private static Coroutine Sleeper(string name, double seconds)
        => Coroutine.Spawn(() => Bodies.SleepFor(seconds), new SpawnOptions { Name = name });

    private static Coroutine Cleaner(double seconds) => Coroutine.Spawn(async () =>
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            await Bodies.SleepFor(seconds);
        }
    });

    private static Coroutine<int> Giver(int seconds) => Coroutine.Spawn(async () =>
    {
        await Bodies.SleepFor(seconds);
        return seconds;
    });

    private async Task Drain(IAsyncEnumerable<Coroutine> each)
    {
        await foreach (Coroutine coroutine in each)
            _run.At(coroutine.Name);
    }

    private async Task Drain(System.Runtime.CompilerServices.ConfiguredCancelableAsyncEnumerable<Coroutine> each)
    {
        await foreach (Coroutine coroutine in each)
            _run.At(coroutine.Name);
    }
}
