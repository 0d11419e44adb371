using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class FailureLogTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Awaiting_the_handle_rethrows_the_same_instance_each_time_with_its_own_stack() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(() => Bodies.Fail("broken"));
        Exception first = await Assert.ThrowsAsync<InvalidOperationException>(async () => await child);
        Exception second = await Assert.ThrowsAsync<InvalidOperationException>(async () => await child);
        Assert.Same(first, second);
        Assert.Same(first, child.Exception);
        Assert.Contains(nameof(Bodies.Fail), second.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, second.StackTrace!.Split($"{nameof(Bodies)}.{nameof(Bodies.Fail)}").Length - 1);
    });

    [Fact]
    public void A_cancellation_without_a_kill_is_a_failure_and_the_same_instance_each_time() => _run.Run(async () =>
    {
        Coroutine thrown = Coroutine.Spawn(async () =>
        {
            await Coroutine.Yield();
            throw new OperationCanceledException("gave up");
        });
        Coroutine born = Coroutine.Spawn(() => Task.FromCanceled(new CancellationToken(true)));
        foreach (Coroutine child in (Coroutine[])[thrown, born])
        {
            Exception first = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await child);
            Exception second = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await child);
            Assert.Equal(CoroutineState.Faulted, child.State);
            Assert.Same(first, second);
            Assert.Same(first, child.Exception);
        }
    });

    [Fact]
    public void A_failure_that_nobody_looks_at_is_reported_once_with_name_and_spawn_site_and_ends_the_run_with_it()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(() =>
        {
            Coroutine.Spawn(() => Bodies.FailAfter(2, "second"), new SpawnOptions { Name = "late" });
            Coroutine.Spawn(() => Bodies.FailAfter(1, "first"), new SpawnOptions { Name = "early" });
            return Task.CompletedTask;
        }));
        Assert.Equal(["first", "second"], error.InnerExceptions.Select(inner => inner.Message));
        _run.Reports.Expect("failure of early: first", "failure of late: second");
        Assert.Matches(@"coroutine 'early' \(spawned at .*FailureLogTests\.cs:\d+\) failed and nobody looked: .*first", _run.Errors.ToString());
    }

    [Fact]
    public void A_failure_whose_handle_is_gone_is_reported_at_the_next_collection_and_only_then()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            SpawnAndForget();
            await Coroutine.Sleep(VirtualRun.Seconds(2));
            _run.Reports.Expect();
            Collect();
            await Coroutine.Yield();
            await Coroutine.Yield();
            _run.Reports.Expect("failure of forgotten: broken");
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("failure of forgotten: broken");
    }

    [Fact]
    public void An_old_dead_handle_keeps_no_later_coroutine_alive()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            Coroutine kept = Coroutine.Spawn(() => Task.CompletedTask);
            SpawnAndForget();
            WeakReference last = Remember();
            await Coroutine.Sleep(VirtualRun.Seconds(2));
            Collect();
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.False(last.IsAlive);
            _run.Reports.Expect("failure of forgotten: broken");
            Assert.Equal(CoroutineState.Completed, kept.State);
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
    }

    [Fact]
    public void A_failure_that_somebody_looked_at_is_not_reported()
    {
        _run.Run(async () =>
        {
            Coroutine awaited = Coroutine.Spawn(() => Bodies.Fail("awaited"));
            Coroutine looked = Coroutine.Spawn(() => Bodies.Fail("looked at"));
            Coroutine raised = Coroutine.Spawn(() => Bodies.FailAfter(1, "raised"));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await awaited);
            Assert.NotNull(looked.Exception);
            await Assert.ThrowsAsync<InvalidOperationException>(() => Coroutine.JoinAll([raised], raiseError: true));
        });
        _run.Reports.Expect();
        Assert.Empty(_run.Errors.ToString());
    }

    [Fact]
    public void Joining_is_not_looking()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Bodies.Fail("broken"), new SpawnOptions { Name = "child" });
            Assert.True(await child.JoinAsync());
            Assert.True(await Coroutine.JoinAll(child));
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("failure of child: broken");
    }

    [Theory]
    [InlineData(DaemonRule.UntilWorkEnds)]
    [InlineData(DaemonRule.UntilMainReturns)]
    public void A_daemons_failure_is_reported_at_once_and_does_not_fail_the_run(DaemonRule rule)
    {
        _run.Run(async () =>
        {
            Coroutine.Spawn(() => Bodies.FailAfter(1, "broken"), new SpawnOptions { Name = "daemon", Daemon = rule })
                .AddDoneCallback(_ => _run.Reports.Expect("failure of daemon: broken"));
            await Coroutine.Sleep(VirtualRun.Seconds(5));
        });
        _run.Reports.Expect("failure of daemon: broken");
    }

    [Fact]
    public void Mains_error_is_thrown_as_it_is_when_it_is_the_only_one()
    {
        Exception error = Assert.Throws<InvalidOperationException>(() => _run.Run(() => Bodies.Fail("main")));
        Assert.Equal("main", error.Message);
        _run.Reports.Expect();
    }

    [Fact]
    public void Mains_error_comes_first_in_the_aggregate_though_another_failed_before()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            _ = Coroutine.Spawn(() => Bodies.FailAfter(1, "earlier"));
            await Bodies.FailAfter(2, "main");
        }));
        Assert.Equal(["main", "earlier"], error.InnerExceptions.Select(inner => inner.Message));
    }

    [Fact]
    public void Mains_result_is_the_runs_result() => Assert.Equal("done", _run.Run(async () =>
    {
        _ = Coroutine.Spawn(() => Bodies.SleepFor(10));
        await Coroutine.Yield();
        return "done";
    }));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SpawnAndForget()
        => Coroutine.Spawn(() => Bodies.FailAfter(1, "broken"), new SpawnOptions { Name = "forgotten" });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Remember() => new(Coroutine.Spawn(() => Bodies.SleepFor(1.5)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
