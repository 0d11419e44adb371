using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Synchronization;

/// <summary>Failures and cancellations of completion sources, and who is told of them; callbacks; threads.</summary>
public class CompletionSourceFailureTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Each_await_rethrows_the_same_instance_with_its_own_stack() => _run.Run(async () =>
    {
        CompletionSource<int> source = new();
        Exception thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Bodies.Fail("broken"));
        _ = Coroutine.Spawn(async () => source.SetException(thrown));
        for (int i = 0; i < 3; i++)
        {
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await source);
            Assert.Same(thrown, error);
            Assert.Equal(1, error.StackTrace!.Split($"{nameof(Bodies)}.{nameof(Bodies.Fail)}").Length - 1);
        }

        Assert.Same(thrown, source.Exception);
        Assert.Same(thrown, Assert.Throws<InvalidOperationException>(() => source.Result));
        Assert.True(source is { IsFaulted: true, IsCompleted: true, IsCanceled: false });
    });

    [Fact]
    public void Cancelled_it_throws_a_cancellation_and_is_no_failure()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new("reply");
            CancellationToken token = new(true);
            Coroutine waiter = Coroutine.Spawn(async () => await source);
            await Coroutine.Yield();
            source.SetCanceled(token);
            OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiter);
            Assert.Equal(token, error.CancellationToken);
            Assert.Contains("'reply'", error.Message, StringComparison.Ordinal);
            Assert.Throws<OperationCanceledException>(() => source.Result);
            Assert.Null(source.Exception);
            Assert.True(source is { IsCanceled: true, IsCompleted: true, IsFaulted: false });
            new CompletionSource().SetCanceled();
        });
        _run.Reports.Expect();
    }

    [Fact]
    public void A_failure_that_nobody_looks_at_is_reported_once_with_name_and_site_and_comes_with_the_runs_result()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            CompletionSource<int> source = new("reply");
            Coroutine waiter = Coroutine.Spawn(async () => await source);
            await Coroutine.Yield();
            source.SetException(new InvalidOperationException("broken"));
            waiter.Kill();
            Assert.True(await source.WaitAsync(TimeSpan.Zero));
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("failure of reply: broken");
        Assert.Matches(@"CompletionSource 'reply' \(made at .*CompletionSourceFailureTests\.cs:\d+\) failed and nobody looked: .*broken", _run.Errors.ToString());
    }

    [Fact]
    public void A_failure_that_a_daemon_set_is_reported_and_does_not_fail_the_run()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new("reply");
            SpawnOptions daemon = new() { Daemon = DaemonRule.UntilMainReturns };
            await Coroutine.Spawn(async () => source.SetException(new InvalidOperationException("broken")), daemon);
            _run.Reports.Expect();
        });
        _run.Reports.Expect("failure of reply: broken");
    }

    [Fact]
    public void A_failure_whose_source_is_gone_is_reported_at_the_next_collection()
    {
        Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            FailAndForget();
            await Coroutine.Yield();
            _run.Reports.Expect();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Coroutine.Yield();
            await Coroutine.Yield();
            _run.Reports.Expect("failure of forgotten: broken");
        }));
        _run.Reports.Expect("failure of forgotten: broken");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_that_somebody_looked_at_is_not_reported(bool byAwait)
    {
        _run.Run(async () =>
        {
            CompletionSource source = new();
            source.SetException(new InvalidOperationException("broken"));
            if (byAwait)
                await Assert.ThrowsAsync<InvalidOperationException>(async () => await source);
            else
                Assert.Equal("broken", source.Exception!.Message);
        });
        _run.Reports.Expect();
    }

    [Fact]
    public void Done_callbacks_run_in_order_never_inline_and_late_ones_soon()
    {
        _run.Run(async () =>
        {
            CompletionSource<int> source = new();
            Action<CompletionSource<int>> removed = _ => _run.Log.Add("removed");
            source.AddDoneCallback(done => _run.Log.Add($"first {done.Result}"));
            source.AddDoneCallback(removed);
            source.AddDoneCallback(done => done.AddDoneCallback(_ => _run.Log.Add("added by a callback")));
            source.AddDoneCallback(_ => throw new InvalidOperationException("thrown by a callback"));
            source.AddDoneCallback(_ => _run.Log.Add("last"));
            source.RemoveDoneCallback(removed);
            source.SetResult(1);
            source.AddDoneCallback(_ => _run.Log.Add("late"));
            _run.Log.Add("set");
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.Throws<ArgumentNullException>(() => source.AddDoneCallback(null!));
        });
        _run.Log.Expect("set", "first 1", "last", "late", "added by a callback");
        _run.Reports.Expect("callback of nobody: thrown by a callback");
    }

    [Fact]
    public void Callbacks_of_a_failure_get_it_by_looking() => _run.Run(async () =>
    {
        CompletionSource source = new();
        Exception? seen = null;
        source.AddDoneCallback(done => seen = done.Exception);
        source.SetException(new InvalidOperationException("broken"));
        await Coroutine.Yield();
        Assert.Equal("broken", seen!.Message);
        _run.Reports.Expect();
    });

    [Fact]
    public void Completing_it_on_a_thread_without_a_scheduler_is_an_error_that_names_Post() => _run.Run(async () =>
    {
        CompletionSource<int> source = new("reply");
        Exception error = OnAnotherThread(() => source.SetResult(1));
        Assert.Contains("'reply'", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        Assert.Contains("scheduler.Post", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(OnAnotherThread(() => source.TrySetException(new InvalidOperationException())));
        CoroutineScheduler.Current.Post(() => source.SetResult(2));
        Assert.Equal(2, await source);
    });

    [Fact]
    public void Used_in_the_run_of_another_thread_it_is_an_error_though_nobody_has_waited() => _run.Run(async () =>
    {
        CompletionSource<int> source = new("reply");
        foreach (Func<Task> use in (Func<Task>[])
        [
            async () => source.SetCanceled(),
            async () => await source,
            async () => await source.WaitAsync(TimeSpan.Zero),
            async () => source.AddDoneCallback(_ => { }),
        ])
        {
            Exception error = OnAnotherThread(() => new VirtualRun().Run(use));
            Assert.Contains("belongs to the scheduler of another thread", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        }

        Assert.False(source.IsCompleted);
        await Coroutine.Yield();
    });

    [Fact]
    public void Made_outside_it_belongs_to_the_run_that_uses_it_and_waiting_outside_is_an_error()
    {
        CompletionSource<int> source = new();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => source.GetAwaiter());
        Assert.Contains("no scheduler runs", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => source.SetResult(1));
        _run.Run(async () =>
        {
            source.SetResult(1);
            Assert.Equal(1, await source);
        });
        Assert.Equal(1, source.Result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailAndForget() => new CompletionSource<int>("forgotten").SetException(new InvalidOperationException("broken"));

    private static Exception OnAnotherThread(Action action)
    {
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(action));
        thread.Start();
        thread.Join();
        return error!;
    }
}
