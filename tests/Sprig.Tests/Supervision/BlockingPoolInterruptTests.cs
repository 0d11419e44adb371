using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>BlockingPool: callers that go before the work has ended.</summary>
public sealed class BlockingPoolInterruptTests : IDisposable
{
    private readonly VirtualRun _run = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _begun = new();

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    [Fact]
    public void A_killed_caller_goes_at_once_and_its_work_ends_unseen() => _run.Run(async () =>
    {
        using BlockingPool pool = new(1);
        bool ended = false;
        Coroutine caller = Coroutine.Spawn(() => pool.RunAsync(() =>
        {
            Block();
            ended = true;
        }));
        await _begun.Task;
        await caller.KillAsync();
        Assert.True(caller.State == CoroutineState.Killed && !ended);
        _gate.Set();
        await pool.ShutdownAsync();
        Assert.True(ended);
    });

    [Fact]
    public void A_caller_that_is_out_of_time_or_cancelled_goes_on() => _run.Run(async () =>
    {
        using BlockingPool pool = new(1);
        Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => pool.RunAsync(Block)));
        using CancellationTokenSource cancellation = new();
        Coroutine caller = Coroutine.Spawn(() => pool.RunAsync(() => _run.Log.Add("not reached"), cancellation.Token));
        await Coroutine.Yield();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await caller);
        await Assert.ThrowsAsync<OperationCanceledException>(() => pool.RunAsync(() => _run.Log.Add("not reached"), cancellation.Token));
        Assert.Equal(0, pool.PendingCount);
        _gate.Set();
        await pool.ShutdownAsync();
        _run.Log.Expect();
    });

    [Fact]
    public void Work_in_the_line_whose_caller_was_killed_never_runs_and_the_others_keep_their_order()
    {
        List<int> order = [];
        _run.Run(async () =>
        {
            using BlockingPool pool = new(1);
            Coroutine first = Coroutine.Spawn(() => pool.RunAsync(Block));
            await _begun.Task;
            Coroutine[] callers = [.. Enumerable.Range(1, 4).Select(number => Coroutine.Spawn(() => pool.RunAsync(() => order.Add(number))))];
            await Coroutine.Yield();
            Assert.Equal(4, pool.PendingCount);
            await callers[1].KillAsync();
            Assert.Equal(3, pool.PendingCount);
            _gate.Set();
            await Coroutine.JoinAll([first, .. callers]);
        });
        Assert.Equal([1, 3, 4], order);
    }

    [Fact]
    public void A_caller_whose_kill_is_due_begins_nothing() => _run.Run(async () =>
    {
        BlockingPool pool = new(1);
        Coroutine caller = Coroutine.Spawn(() =>
        {
            Coroutine.Current.Kill();
            return pool.RunAsync(() => _run.Log.Add("not reached"));
        });
        await caller.JoinAsync();
        Assert.Equal(CoroutineState.Killed, caller.State);
        Assert.Equal(0, pool.ThreadCount);
        _run.Log.Expect();
    });

    [Fact]
    public void An_error_that_nobody_waits_for_any_more_is_reported_and_fails_nobody()
    {
        _run.Run(async () =>
        {
            BlockingPool pool = new(1, name: "files");
            Coroutine caller = Coroutine.Spawn(
                () => pool.RunAsync(() =>
                {
                    Block();
                    throw new InvalidOperationException("disk gone");
                }),
                new SpawnOptions { Name = "caller" });
            await _begun.Task;
            await caller.KillAsync();
            _gate.Set();
            await pool.ShutdownAsync();
            await Coroutine.Yield();
            Assert.Contains("disk gone", _run.Errors.ToString(), StringComparison.Ordinal);
        });
        Assert.Matches(
            @"work for coroutine 'caller' in BlockingPool 'files' \(called at .*BlockingPoolInterruptTests\.cs:\d+\) has failed, and nobody waits",
            _run.Errors.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_caller_killed_when_the_work_has_ended_and_before_it_runs_is_killed_and_an_error_is_reported(bool fails)
    {
        _run.Run(async () =>
        {
            BlockingPool pool = new(1, Timeout.InfiniteTimeSpan, "files");
            using ManualResetEventSlim next = new();
            Coroutine caller = Coroutine.Spawn(() => pool.RunAsync(() =>
            {
                Block();
                return fails ? throw new InvalidOperationException("disk gone") : 1;
            }));
            Coroutine second = Coroutine.Spawn(() => pool.RunAsync(next.Set));
            await _begun.Task;
            _gate.Set();
            // The second one runs: what the first has to say is posted. The kill is posted behind that.
            next.Wait();
            CoroutineScheduler.Current.Post(() => caller.Kill());
            await Coroutine.JoinAll(caller, second);
            Assert.Equal(CoroutineState.Killed, caller.State);
            await pool.ShutdownAsync();
        });
        Assert.Equal(fails, _run.Errors.ToString().Contains("disk gone", StringComparison.Ordinal));
        Assert.Equal(fails ? 1 : 0, _run.Reports.Count);
    }

    [Fact]
    public void A_run_that_has_ended_meanwhile_is_not_disturbed()
    {
        using BlockingPool pool = new(1, Timeout.InfiniteTimeSpan);
        _run.Run(async () =>
        {
            _ = Coroutine.Spawn(
                () => pool.RunAsync(() =>
                {
                    Block();
                    throw new InvalidOperationException("unseen");
                }),
                new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
            await _begun.Task;
        });
        _gate.Set();
        // The same thread serves the next run.
        new VirtualRun().Run(async () => Assert.Equal(1, await pool.RunAsync(() => 1)));
        Assert.Equal(1, pool.ThreadCount);
        _run.Reports.Expect();
    }

    private void Block()
    {
        _begun.SetResult();
        _gate.Wait();
    }
}
