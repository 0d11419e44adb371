using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>CoroutineScope: its ends. The ways in are in ScopeStartTests, interrupts of the caller in ScopeInterruptTests.</summary>
public class CoroutineScopeTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void A_scope_goes_on_when_the_block_and_all_children_have_ended()
    {
        _run.Run(async () =>
        {
            Coroutine main = Coroutine.Current;
            await CoroutineScope.RunAsync(async scope =>
            {
                Assert.Same(main, Coroutine.Current);
                _ = scope.Spawn(async () =>
                {
                    await Bodies.SleepFor(2);
                    _ = scope.Spawn(() => At(3, "grandchild"));
                });
                Coroutine<int> child = scope.Spawn(() => Task.FromResult(42));
                _run.At($"{await child} {scope.Count}");
            });
            _run.At("end");
            _run.At($"{await CoroutineScope.RunAsync(_ => Task.FromResult("result"))}");
            await CoroutineScope.RunAsync(_ => Task.CompletedTask);
        });
        _run.Log.Expect("0 42 1", "5 grandchild", "5 end", "5 result");
    }

    [Fact]
    public void A_child_that_fails_ends_its_siblings_and_the_block_and_their_clean_up_is_awaited()
    {
        _run.Run(async () =>
        {
            AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(() => Cleaner("sibling", 3));
                _ = scope.Spawn(() => Bodies.FailAfter(1, "broken"));
                await Cleaner("block", 2);
            }));
            _run.At($"{Assert.Single(error.InnerExceptions).Message}");
        });
        _run.Log.Expect("1 block cleans", "1 sibling cleans", "3 block clean", "4 sibling clean", "4 broken");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_block_that_fails_ends_the_children()
    {
        _run.Run(async () =>
        {
            AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(() => Cleaner("child", 3));
                await Bodies.FailAfter(1, "broken");
            }));
            _run.At($"{Assert.Single(error.InnerExceptions).Message}");
            Func<CoroutineScope, Task> atOnce = _ => throw new InvalidOperationException("at once");
            error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(atOnce));
            _run.At($"{Assert.Single(error.InnerExceptions).Message}");
        });
        _run.Log.Expect("1 child cleans", "4 child clean", "4 broken", "4 at once");
    }

    [Fact]
    public void Whatever_has_failed_comes_in_one_exception_in_the_order_in_which_it_came() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(() => FailInCleanUp(2, "in clean-up, late"));
            _ = scope.Spawn(() => FailInCleanUp(1, "in clean-up"));
            _ = scope.Spawn(() => Bodies.FailAfter(1, "first"));
            _ = scope.Spawn(() => Bodies.FailAfter(1, "second"));
            try
            {
                await Bodies.SleepForEver();
            }
            finally
            {
                await Bodies.FailAfter(1.5, "block");
            }
        }));
        Assert.Equal(["first", "second", "in clean-up", "block", "in clean-up, late"], error.InnerExceptions.Select(inner => inner.Message));
        _run.Reports.Expect();
    });

    [Fact]
    public void A_cancelled_scope_ends_all_and_that_is_no_error()
    {
        _run.Run(async () =>
        {
            await CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(() => Cleaner("child", 1));
                await Coroutine.Yield();
                scope.Cancel();
                scope.Cancel();
                _run.At($"in the step {scope.IsCanceled}");
                await Bodies.SleepForEver();
                _run.At("not reached");
            });
            _run.At("cancelled by the block");
            await CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(async () =>
                {
                    await Bodies.SleepFor(1);
                    scope.Cancel();
                    await Bodies.SleepForEver();
                });
                await Bodies.SleepForEver();
            });
            _run.At("cancelled by a child");
            await CoroutineScope.RunAsync(scope =>
            {
                _ = scope.Spawn(Bodies.SleepForEver);
                scope.Cancel();
                return Task.CompletedTask;
            });
            _run.At("cancelled without a wait");
        });
        _run.Log.Expect("0 in the step True", "0 child cleans", "1 child clean", "1 cancelled by the block", "2 cancelled by a child", "2 cancelled without a wait");
    }

    [Fact]
    public void A_cancelled_scope_gives_its_blocks_result_or_a_cancellation() => _run.Run(async () =>
    {
        Assert.Equal(1, await CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(Bodies.SleepForEver);
            await Coroutine.Yield();
            scope.Cancel();
            return 1;
        }));
        await Assert.ThrowsAsync<OperationCanceledException>(() => CoroutineScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await Bodies.SleepForEver();
            return 1;
        }));
    });

    [Fact]
    public void Foreign_awaits_of_the_block_are_cut_by_the_scopes_token() => _run.Run(async () =>
    {
        TaskCompletionSource never = new();
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            _ = scope.Spawn(() => Bodies.FailAfter(1, "broken"));
            await never.Task.WaitAsync(scope.Token);
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
    });

    [Fact]
    public void A_child_that_somebody_kills_has_not_failed()
    {
        _run.Run(async () =>
        {
            await CoroutineScope.RunAsync(async scope =>
            {
                Coroutine child = scope.Spawn(Bodies.SleepForEver);
                _ = scope.Spawn(() => At(2, "sibling"));
                await Coroutine.Yield();
                child.Kill();
            });
            _run.At("end");
            // Unless the block stumbles over it.
            AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
            {
                Coroutine child = scope.Spawn(Bodies.SleepForEver);
                child.Kill();
                await child;
            }));
            Assert.IsType<CoroutineKilledException>(Assert.Single(error.InnerExceptions));
        });
        _run.Log.Expect("2 sibling", "2 end");
    }

    [Fact]
    public void Awaiting_a_child_that_the_scope_has_killed_is_no_error_of_the_block() => _run.Run(async () =>
    {
        await CoroutineScope.RunAsync(async scope =>
        {
            Coroutine child = scope.Spawn(Bodies.SleepForEver);
            await Coroutine.Yield();
            scope.Cancel();
            await Assert.ThrowsAsync<DeadlineExceededException>(Bodies.SleepForEver);
            await child;
        });
    });

    [Fact]
    public void A_failure_that_the_block_awaits_is_thrown_there_and_counted_once() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async scope =>
        {
            Coroutine child = scope.Spawn(() => Bodies.FailAfter(1, "broken"));
            await child;
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
    });

    [Fact]
    public void A_scope_within_a_scope_ends_with_the_outer_one()
    {
        _run.Run(async () =>
        {
            AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async outer =>
            {
                _ = outer.Spawn(() => Bodies.FailAfter(1, "broken"));
                await CoroutineScope.RunAsync(async inner =>
                {
                    _ = inner.Spawn(() => Cleaner("inner child", 2));
                    await Bodies.SleepForEver();
                });
                _run.At("not reached");
            }));
            _run.At($"{Assert.Single(error.InnerExceptions).Message}");
        });
        _run.Log.Expect("1 inner child cleans", "3 inner child clean", "3 broken");
    }

    [Fact]
    public void An_error_of_the_inner_scope_ends_the_outer_one_and_comes_inside_its_own_exception() => _run.Run(async () =>
    {
        AggregateException error = await Assert.ThrowsAsync<AggregateException>(() => CoroutineScope.RunAsync(async outer =>
        {
            _ = outer.Spawn(Bodies.SleepForEver);
            await CoroutineScope.RunAsync(async inner =>
            {
                _ = inner.Spawn(() => Bodies.FailAfter(1, "broken"));
                await Bodies.SleepForEver();
            });
        }));
        AggregateException innerError = Assert.IsType<AggregateException>(Assert.Single(error.InnerExceptions));
        Assert.Equal("broken", Assert.Single(innerError.InnerExceptions).Message);
        Assert.Equal("broken", Assert.Single(error.Flatten().InnerExceptions).Message);
    });

    [Fact]
    public void Cancelling_the_inner_scope_leaves_the_outer_one_alone()
    {
        _run.Run(async () => await CoroutineScope.RunAsync(async outer =>
        {
            _ = outer.Spawn(() => At(2, "outer child"));
            await CoroutineScope.RunAsync(async inner =>
            {
                _ = inner.Spawn(Bodies.SleepForEver);
                inner.Cancel();
                await Bodies.SleepForEver();
            });
            _run.At($"inner ended {outer.IsCanceled}");
        }));
        _run.Log.Expect("0 inner ended False", "2 outer child");
    }

    private async Task At(double seconds, string what)
    {
        await Bodies.SleepFor(seconds);
        _run.At(what);
    }

    private static async Task FailInCleanUp(double seconds, string message)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            await Bodies.FailAfter(seconds, message);
        }
    }

    private async Task Cleaner(string name, double seconds)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            _run.At($"{name} cleans");
            await Bodies.SleepFor(seconds);
            _run.At($"{name} clean");
        }
    }
}
