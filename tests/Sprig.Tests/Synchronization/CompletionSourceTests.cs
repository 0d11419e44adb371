using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

public class CompletionSourceTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void All_who_wait_get_the_result_in_the_order_they_came()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            _ = Waiter("a", source);
            _ = Waiter("b", source);
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            Assert.False(source.IsCompleted);
            source.SetResult(42);
            Assert.True(source.IsCompleted);
            _run.Log.Add("set");
            await Coroutine.Yield();
            Assert.Equal(42, await source);
            Assert.Equal(42, source.Result);
        });
        _run.Log.Expect("set", "a 42", "b 42");
    }

    [Fact]
    public void The_form_without_a_result_waits_as_well()
    {
        _run.Run(async () =>
        {
            CompletionSource source = new();
            source.AddDoneCallback(done => _run.At($"callback {done == source}"));
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), async () => source.SetResult());
            await source;
            _run.At($"{source.IsCompleted} {source.TrySetResult()}");
            await Coroutine.Yield();
        });
        _run.Log.Expect("1 True False", "1 callback True");
    }

    [Fact]
    public void It_is_completed_once() => _run.Run(async () =>
    {
        CompletionSource<int> source = new("reply");
        Assert.True(source.TrySetResult(1));
        Assert.False(source.TrySetResult(2));
        Assert.False(source.TrySetException(new InvalidOperationException()));
        Assert.False(source.TrySetCanceled());
        Assert.Contains("'reply'", Assert.Throws<InvalidOperationException>(() => source.SetResult(2)).Message, StringComparison.Ordinal);
        Assert.Contains("completed already", Assert.Throws<InvalidOperationException>(() => source.SetCanceled()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => source.SetException(new InvalidOperationException()));
        Assert.Equal(1, await source);
        Assert.Throws<InvalidOperationException>(() =>
        {
            CompletionSource other = new();
            other.SetResult();
            other.SetResult();
        });
        Assert.Throws<ArgumentNullException>(() => new CompletionSource().TrySetException(null!));
    });

    [Fact]
    public void Pending_it_has_no_result_and_says_so() => _run.Run(async () =>
    {
        CompletionSource<int> source = new("reply");
        Assert.Contains("'reply'", Assert.Throws<InvalidOperationException>(() => source.Result).Message, StringComparison.Ordinal);
        Assert.Null(source.Exception);
        Assert.False(source.IsFaulted || source.IsCanceled || source.IsCompleted);
        await Coroutine.Yield();
    });

    [Fact]
    public void A_wait_with_a_timeout_says_whether_it_is_completed_and_never_throws_its_error()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1.5), async () => source.SetException(new InvalidOperationException("broken")));
            _run.At($"{await source.WaitAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await source.WaitAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await source.WaitAsync(TimeSpan.Zero)}");
            await source.WaitAsync();
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await source.WaitAsync(VirtualRun.Seconds(-1)));
            Assert.NotNull(source.Exception);
        });
        _run.Log.Expect("1 False", "1.5 True", "1.5 True");
    }

    [Fact]
    public void Completed_in_the_tick_in_which_the_time_was_over_it_is_completed()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            _ = Coroutine.Spawn(async () => _run.At($"{await source.WaitAsync(VirtualRun.Seconds(1))}"));
            await Coroutine.Yield();
            await Coroutine.Yield();
            // Its timer comes second, so this runs when the other has timed out and has not run.
            _ = Coroutine.Spawn(async () => source.SetResult(1));
            _run.Clock.Advance(VirtualRun.Seconds(1));
            await Coroutine.Yield();
        });
        _run.Log.Expect("1 True");
    }

    [Fact]
    public void A_token_ends_the_wait_and_nothing_else() => _run.Run(async () =>
    {
        CompletionSource<int> source = new();
        using CancellationTokenSource cancellation = new();
        // Not CancelAsync: that goes by a thread of the pool, for which virtual time does not wait long.
        _ = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () =>
        {
            cancellation.Cancel();
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await source.WaitAsync(cancellation.Token));
        Assert.False(source.IsCompleted);
        source.SetResult(1);
        Assert.Equal(1, await source);
    });

    [Fact]
    public void A_deadline_ends_the_wait_and_leaves_the_others_waiting()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            _ = Waiter("other", source);
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), async () => await source);
            _run.At($"{inTime}");
            source.SetResult(1);
            await Coroutine.Yield();
        });
        _run.Log.Expect("1 False", "other 1");
    }

    [Fact]
    public void One_killed_while_it_waits_leaves_the_line()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            Coroutine killed = Waiter("killed", source);
            Coroutine other = Waiter("other", source);
            await Coroutine.Yield();
            await killed.KillAsync();
            source.SetResult(1);
            await other;
        });
        _run.Log.Expect("killed threw", "other 1");
    }

    [Fact]
    public void One_killed_after_the_result_and_before_it_runs_leaves_the_value_to_the_others()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            Coroutine killed = Waiter("killed", source);
            Coroutine other = Waiter("other", source);
            await Coroutine.Yield();
            source.SetResult(1);
            killed.Kill();
            await Coroutine.JoinAll(killed, other);
            Assert.Equal(1, await source);
        });
        _run.Log.Expect("killed threw", "other 1");
    }

    [Fact]
    public void Awaiting_a_completed_one_over_and_over_starves_nobody()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            source.SetResult(1);
            _ = Coroutine.Spawn(async () =>
            {
                int sum = 0;
                for (int i = 0; i < 1000; i++)
                    sum += await source + (await source.WaitAsync(TimeSpan.Zero) ? 1 : 0);
                _run.Log.Add($"sum {sum}");
            });
            await Coroutine.Yield();
            _run.Log.Add("the other's turn");
        });
        _run.Log.Expect("the other's turn", "sum 2000");
    }

    [Fact]
    public void A_kill_is_delivered_though_the_result_is_there() => _run.Run(async () =>
    {
        CompletionSource<int> source = new();
        source.SetResult(1);
        Coroutine self = Coroutine.Spawn(async () =>
        {
            Coroutine.Current.Kill();
            await source;
            _run.Log.Add("not reached");
        });
        await self.JoinAsync();
        Assert.Equal(CoroutineState.Killed, self.State);
        _run.Log.Expect();
    });

    [Fact]
    public void It_has_a_name_and_the_site_of_its_making_in_reports()
    {
        DeadlockException error = Assert.Throws<DeadlockException>(() => _run.Run(async () => await new CompletionSource<int>("reply")));
        Assert.Equal("CompletionSource 'reply'", Assert.Single(error.Waits).WaitsFor);
        error = Assert.Throws<DeadlockException>(() => _run.Run(async () => await new CompletionSource()));
        Assert.Matches(@"^CompletionSource of .*CompletionSourceTests\.cs:\d+$", Assert.Single(error.Waits).WaitsFor);
    }

    private Coroutine Waiter(string name, CompletionSource<int> source) => Coroutine.Spawn(async () =>
    {
        try
        {
            _run.Log.Add($"{name} {await source}");
        }
        catch (CoroutineKilledException)
        {
            _run.Log.Add($"{name} threw");
        }
    });
}
