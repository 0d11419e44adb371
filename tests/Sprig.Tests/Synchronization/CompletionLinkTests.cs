using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>CompletionSource.CompleteFrom.</summary>
public class CompletionLinkTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_result_passes_on_from_whichever_coroutine_ends_first()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            CompletionSource plain = new();
            Coroutine<int> slow = Giver(2);
            Coroutine<int> quick = Giver(1);
            source.CompleteFrom(slow);
            source.CompleteFrom(quick);
            plain.CompleteFrom(slow);
            _run.At($"{await source}");
            await plain;
            _run.At($"{await source}");
            CompletionSource<int> late = new();
            late.CompleteFrom(slow);
            _run.At($"{late.Result}");
        });
        _run.Log.Expect("1 1", "2 1", "2 2");
    }

    [Fact]
    public void A_failure_passes_on_and_who_looks_at_one_has_looked_at_the_other()
    {
        _run.Run(async () =>
        {
            CompletionSource lookedAt = new();
            Coroutine one = Coroutine.Spawn(() => Bodies.Fail("one"));
            lookedAt.CompleteFrom(one);
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await lookedAt);
            Assert.Contains(nameof(Bodies.Fail), error.StackTrace, StringComparison.Ordinal);
            Coroutine two = Coroutine.Spawn(() => Bodies.Fail("two"));
            CompletionSource notLookedAt = new();
            notLookedAt.CompleteFrom(two);
            Assert.Same(await Assert.ThrowsAsync<InvalidOperationException>(async () => await two), two.Exception);
            Assert.True(notLookedAt.IsFaulted);
        });
        _run.Reports.Expect();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_that_nobody_looks_at_is_reported_once_under_the_coroutines_name(bool daemon)
    {
        void Run() => _run.Run(async () =>
        {
            CompletionSource source = new("source");
            source.CompleteFrom(Coroutine.Spawn(() => Bodies.Fail("broken"), Named("child", daemon)));
            Assert.True(await source.WaitAsync(VirtualRun.Seconds(1)));
        });
        if (daemon)
            Run();
        else
            Assert.Equal("broken", Assert.Single(Assert.Throws<AggregateException>(Run).InnerExceptions).Message);
        _run.Reports.Expect("failure of child: broken");
    }

    [Fact]
    public void While_the_source_lives_the_failure_of_a_coroutine_that_is_gone_may_still_be_looked_at()
    {
        _run.Run(async () =>
        {
            CompletionSource source = new();
            LinkToOneThatFails(source);
            await source.WaitAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.Equal("broken", source.Exception!.Message);
        });
        _run.Reports.Expect();
    }

    [Fact]
    public void A_kill_passes_on_as_a_cancellation() => _run.Run(async () =>
    {
        CompletionSource<int> source = new();
        Coroutine<int> child = Giver(9);
        child.Name = "child";
        source.CompleteFrom(child);
        await Coroutine.Yield();
        child.Kill();
        Assert.Equal("child", (await Assert.ThrowsAsync<CoroutineKilledException>(async () => await source)).CoroutineName);
        Assert.True(source.IsCanceled);
        CompletionSource late = new();
        late.CompleteFrom(child);
        Assert.True(late.IsCanceled);
    });

    [Fact]
    public void A_source_that_is_completed_already_leaves_the_coroutine_its_failure()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            CompletionSource source = new();
            Coroutine child = Coroutine.Spawn(() => Bodies.FailAfter(1, "broken"), Named("child", daemon: false));
            source.CompleteFrom(child);
            source.SetResult();
            await child.JoinAsync();
            await source;
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("failure of child: broken");
    }

    [Fact]
    public void Waiters_woken_by_a_link_may_be_killed_before_they_run_and_the_value_stays() => _run.Run(async () =>
    {
        CompletionSource<int> source = new();
        Coroutine<int> child = Giver(1);
        source.CompleteFrom(child);
        Coroutine waiter = Coroutine.Spawn(async () => await source);
        Bodies.ActAfter(1, () => waiter.Kill());
        await Coroutine.JoinAll(child, waiter);
        Assert.Equal(CoroutineState.Killed, waiter.State);
        Assert.Equal(1, await source);
    });

    [Fact]
    public void Bad_input_is_refused() => _run.Run(async () =>
    {
        CompletionSource<int> source = new();
        Assert.Throws<ArgumentNullException>(() => source.CompleteFrom(null!));
        Coroutine main = Coroutine.Current;
        CompletionSource foreign = null!;
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(() => new VirtualRun().Run(async () =>
        {
            foreign = new CompletionSource();
            foreign.CompleteFrom(main);
        })));
        thread.Start();
        thread.Join();
        Assert.Contains("belongs to another scheduler", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        await Coroutine.Yield();
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LinkToOneThatFails(CompletionSource source) => source.CompleteFrom(Coroutine.Spawn(() => Bodies.Fail("broken")));

    private static SpawnOptions Named(string name, bool daemon)
        => new() { Name = name, Daemon = daemon ? DaemonRule.UntilWorkEnds : DaemonRule.NotDaemon };

    private static Coroutine<int> Giver(int seconds) => Coroutine.Spawn(async () =>
    {
        await Bodies.SleepFor(seconds);
        return seconds;
    });
}
