using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>CoroutineScope: spawning into it, and children that say when they are ready.</summary>
public class ScopeStartTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void The_caller_goes_on_when_the_child_says_that_it_is_ready()
    {
        _run.Run(async () => await CoroutineScope.RunAsync(async scope =>
        {
            int port = await scope.StartAsync<int>(
                async ready =>
                {
                    await Bodies.SleepFor(1);
                    ready.SetResult(8080);
                    await Bodies.SleepFor(1);
                    _run.At($"{Coroutine.Current.Name} serves");
                },
                new SpawnOptions { Name = "server" });
            _run.At($"{port}");
            await scope.StartAsync(async ready =>
            {
                ready.SetResult();
                await Coroutine.Yield();
                Assert.Contains(nameof(ScopeStartTests), Coroutine.Current.SpawnedAt, StringComparison.Ordinal);
            });
            _run.At("started");
        }));
        _run.Log.Expect("1 8080", "1 started", "2 server serves");
    }

    [Fact]
    public void A_child_that_fails_before_it_is_ready_fails_the_call_and_not_the_scope()
    {
        _run.Run(async () => await CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(() => Bodies.SleepFor(3));
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => scope.StartAsync<int>(_ => Bodies.FailAfter(1, "port taken")));
            _run.At($"{error.Message} {scope.IsCanceled} {scope.Count}");
            error = await Assert.ThrowsAsync<InvalidOperationException>(() => scope.StartAsync(_ => Bodies.SleepFor(1)));
            _run.At($"{error.Message.Contains("without saying that it is ready", StringComparison.Ordinal)} {scope.IsCanceled}");
        }));
        _run.Log.Expect("1 port taken False 1", "2 True False");
        _run.Reports.Expect();
    }

    [Fact]
    public void Its_failure_let_out_of_the_block_is_an_error_of_the_scope_once() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(
            () => CoroutineScope.RunAsync(scope => scope.StartAsync<int>(_ => Bodies.FailAfter(1, "port taken"))));
        Assert.Equal("port taken", Assert.Single(error.InnerExceptions).Message);
    });

    [Fact]
    public void A_child_that_fails_when_it_is_ready_fails_the_scope() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            await scope.StartAsync(async ready =>
            {
                ready.SetResult();
                await Bodies.FailAfter(1, "broken");
            });
            await Bodies.SleepForEver();
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
    });

    [Fact]
    public void A_child_that_is_killed_before_it_is_ready_cancels_the_call() => _run.Run(async () => await CoroutineScope.RunAsync(async scope =>
    {
        _ = scope.Spawn(async () =>
        {
            await Bodies.SleepFor(1);
            scope.Coroutines.Single(child => child.Name == "server").Kill();
        });
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => scope.StartAsync<int>(_ => Bodies.SleepForEver(), new SpawnOptions { Name = "server" }));
        Assert.False(scope.IsCanceled);
    }));

    [Fact]
    public void A_caller_that_is_out_of_time_or_killed_takes_the_child_along()
    {
        _run.Run(async () => await CoroutineScope.RunAsync(async scope =>
        {
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => scope.StartAsync(_ => Cleaner("first"))));
            Coroutine starter = Coroutine.Spawn(() => scope.StartAsync(_ => Cleaner("second")));
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.Equal(2, scope.Count);
            await starter.KillAsync();
            _run.At($"{starter.State} {scope.Count} {scope.IsCanceled}");
        }));
        _run.Log.Expect("1 first cleans", "1 second cleans", "1 Killed 2 False", "2 first clean", "2 second clean");
    }

    [Fact]
    public void What_such_a_child_throws_then_is_the_scopes_error() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => scope.StartAsync(async _ =>
            {
                try
                {
                    await Bodies.SleepForEver();
                }
                finally
                {
                    await Bodies.FailAfter(1, "in clean-up");
                }
            }));
            await Bodies.SleepForEver();
        }));
        Assert.Equal("in clean-up", Assert.Single(error.InnerExceptions).Message);
    });

    [Fact]
    public void A_caller_killed_when_the_child_is_ready_and_before_it_runs_leaves_the_child_in_the_scope()
    {
        _run.Run(async () => await CoroutineScope.RunAsync(async scope =>
        {
            CompletionSource<int> ready = null!;
            Coroutine starter = Coroutine.Spawn(() => scope.StartAsync<int>(async source =>
            {
                ready = source;
                await Bodies.SleepFor(3);
                _run.At("child went on");
            }));
            await Bodies.SleepFor(1);
            ready.SetResult(1);
            starter.Kill();
            await starter.JoinAsync();
            _run.At($"{starter.State} {scope.Count}");
        }));
        _run.Log.Expect("1 Killed 1", "3 child went on");
    }

    [Fact]
    public void A_failure_that_came_for_a_caller_who_was_killed_before_it_ran_is_the_scopes_error() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            Coroutine starter = Coroutine.Spawn(() => scope.StartAsync<int>(async _ =>
            {
                Coroutine.Current.AddDoneCallback(_ => scope.Coroutines.Single().Name = "unused");
                await Bodies.FailAfter(1, "broken");
            }));
            await Coroutine.Yield();
            await Coroutine.Yield();
            Coroutine child = scope.Coroutines.Single();
            child.AddDoneCallback(_ => starter.Kill());
            await Bodies.SleepForEver();
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("callback of nobody: Sequence contains no elements");
    });

    [Fact]
    public void Spawning_into_a_cancelled_scope_gives_a_killed_coroutine_that_never_runs()
    {
        _run.Run(async () => await CoroutineScope.RunAsync(async scope =>
        {
            scope.Cancel();
            Coroutine late = scope.Spawn(() =>
            {
                _run.At("not reached");
                return Task.CompletedTask;
            });
            _run.At($"{late.State}");
            await Assert.ThrowsAnyAsync<Exception>(() => scope.StartAsync(_ => Bodies.SleepFor(1)));
        }));
        _run.Log.Expect("0 Killed");
    }

    [Fact]
    public void Spawning_into_a_closed_scope_is_an_error() => _run.Run(async () =>
    {
        CoroutineScope closed = null!;
        await CoroutineScope.RunAsync(scope =>
        {
            closed = scope;
            return Task.CompletedTask;
        });
        Assert.Contains("closed", Assert.Throws<InvalidOperationException>(() => closed.Spawn(Bodies.SleepForEver)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.StartAsync(_ => Bodies.SleepForEver()));
        closed.Cancel();
        Assert.False(closed.IsCanceled);
    });

    [Fact]
    public void Bad_input_is_refused()
    {
        Refused.AtOnce<InvalidOperationException>(() => CoroutineScope.RunAsync(_ => Task.CompletedTask));
        _run.Run(async () =>
        {
            Refused.AtOnce<ArgumentNullException>(() => CoroutineScope.RunAsync(null!));
            await Assert.ThrowsAsync<ArgumentNullException>(() => CoroutineScope.RunAsync<int>(null!));
            await CoroutineScope.RunAsync(async scope =>
            {
                Assert.Throws<ArgumentNullException>(() => scope.Spawn((Func<Task>)null!));
                await Assert.ThrowsAsync<ArgumentNullException>(() => scope.StartAsync<int>(null!));
                Refused.AtOnce<ArgumentNullException>(() => scope.StartAsync(null!));
                Exception? error = null;
                Thread thread = new(() => error = Record.Exception(scope.Cancel));
                thread.Start();
                thread.Join();
                Assert.IsType<InvalidOperationException>(error);
                Assert.False(scope.IsCanceled);
            });
        });
    }

    private async Task Cleaner(string name)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            _run.At($"{name} cleans");
            await Bodies.SleepFor(1);
            _run.At($"{name} clean");
        }
    }
}
