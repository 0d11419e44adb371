using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

public class ShieldTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Undisturbed_it_gives_the_blocks_result_or_its_error() => _run.Run(async () =>
    {
        Coroutine main = Coroutine.Current;
        Assert.Equal("main (shielded)", await Shield.RunAsync(() => Task.FromResult(Coroutine.Current.Name), VirtualRun.Seconds(1)));
        await Shield.RunAsync(() => Bodies.SleepFor(5), VirtualRun.Seconds(1));
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => Shield.RunAsync(() => Bodies.Fail("broken"), VirtualRun.Seconds(1)));
        Assert.Contains(nameof(Bodies.Fail), error.StackTrace, StringComparison.Ordinal);
        Assert.Same(main, Coroutine.Current);
    });

    [Theory]
    [InlineData(2, "3 block ended", "3 Killed")]
    [InlineData(9, "5 block killed", "5 Killed")]
    public void It_survives_the_callers_kill_for_its_grace_and_the_caller_goes_on_with_it(double length, params string[] expected)
    {
        _run.Run(
            async () =>
            {
                Coroutine caller = Coroutine.Spawn(async () =>
                {
                    await Shield.RunAsync(() => Block(length + 1), VirtualRun.Seconds(4));
                    _run.At("not reached");
                });
                await Bodies.SleepFor(1);
                await caller.KillAsync();
                _run.At($"{caller.State}");
            },
            VirtualRun.Seconds(10));
        _run.Log.Expect(expected);
    }

    [Theory]
    [InlineData(2, "3 block ended", "3 False")]
    [InlineData(9, "5 block killed", "5 False")]
    public void It_survives_a_deadline_for_its_grace(double length, params string[] expected)
    {
        _run.Run(async () => _run.At($"{await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Shield.RunAsync(() => Block(length + 1), VirtualRun.Seconds(4)))}"));
        _run.Log.Expect(expected);
    }

    [Fact]
    public void Its_clean_up_is_awaited_too()
    {
        _run.Run(async () =>
        {
            bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => Shield.RunAsync(
                async () =>
                {
                    try
                    {
                        await Bodies.SleepForEver();
                    }
                    finally
                    {
                        await Bodies.SleepFor(2);
                        _run.At("clean");
                    }
                },
                TimeSpan.Zero));
            _run.At($"{inTime}");
        });
        _run.Log.Expect("3 clean", "3 False");
    }

    [Fact]
    public void In_a_scope_it_outlives_the_cancellation()
    {
        _run.Run(async () =>
        {
            await CoroutineScope.RunAsync(async scope =>
            {
                _ = scope.Spawn(() => Shield.RunAsync(() => Block(3), VirtualRun.Seconds(4)));
                await Bodies.SleepFor(1);
                scope.Cancel();
            });
            _run.At("end");
        });
        _run.Log.Expect("3 block ended", "3 end");
    }

    [Fact]
    public void It_ends_with_the_grace_time_of_the_kill_itself()
    {
        _run.Run(async () =>
        {
            Coroutine caller = Coroutine.Spawn(() => Shield.RunAsync(() => Block(99), Timeout.InfiniteTimeSpan), new SpawnOptions { Name = "caller" });
            await Bodies.SleepFor(1);
            await caller.KillAsync(VirtualRun.Seconds(2));
            _run.At($"{caller.State}");
        });
        // A straggler's wait throws after a millisecond.
        _run.Log.Expect("3 block killed", "3.001 Killed");
        _run.Reports.Expect("straggler caller");
    }

    [Fact]
    public void An_error_of_the_block_is_more_than_the_interrupt()
    {
        _run.Run(async () =>
        {
            Coroutine caller = Coroutine.Spawn(() => Shield.RunAsync(() => Bodies.FailAfter(3, "broken"), VirtualRun.Seconds(4)));
            await Bodies.SleepFor(1);
            caller.Kill();
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await caller);
            _run.At($"{error.Message} {caller.State}");
        });
        _run.Log.Expect("3 broken Faulted");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_kill_in_the_tick_in_which_the_block_ended_is_delivered()
    {
        _run.Run(async () =>
        {
            Coroutine caller = null!;
            caller = Coroutine.Spawn(() => Shield.RunAsync(
                () =>
                {
                    Coroutine.Current.AddDoneCallback(_ => caller.Kill());
                    return Block(1);
                },
                VirtualRun.Seconds(4)));
            await caller.JoinAsync();
            _run.At($"{caller.State}");
        });
        _run.Log.Expect("1 block ended", "1 Killed");
    }

    [Fact]
    public void A_block_that_somebody_kills_throws_that_at_the_caller() => _run.Run(async () =>
    {
        _ = Coroutine.Spawn(() =>
        {
            CoroutineScheduler.Current.Coroutines.Single(one => one.Name == "main (shielded)").Kill();
            return Task.CompletedTask;
        });
        CoroutineKilledException error = await Assert.ThrowsAsync<CoroutineKilledException>(() => Shield.RunAsync(Bodies.SleepForEver, TimeSpan.Zero));
        Assert.Equal("main (shielded)", error.CoroutineName);
    });

    [Fact]
    public void Shields_nest()
    {
        _run.Run(async () =>
        {
            bool inTime = await Deadline.TryRunAsync(
                VirtualRun.Seconds(1),
                () => Shield.RunAsync(() => Shield.RunAsync(() => Block(9), VirtualRun.Seconds(2)), VirtualRun.Seconds(1)));
            _run.At($"{inTime}");
        });
        _run.Log.Expect("4 block killed", "4 False");
    }

    [Fact]
    public void Bad_input_is_refused() => _run.Run(async () =>
    {
        Refused.AtOnce<ArgumentOutOfRangeException>(() => Shield.RunAsync(Bodies.SleepForEver, VirtualRun.Seconds(-1)));
        Refused.AtOnce<ArgumentNullException>(() => Shield.RunAsync((Func<Task>)null!, TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Shield.RunAsync((Func<Task<int>>)null!, TimeSpan.Zero));
    });

    private async Task Block(double seconds)
    {
        try
        {
            await Bodies.SleepFor(seconds);
            _run.At("block ended");
        }
        catch (CoroutineKilledException)
        {
            _run.At("block killed");
            throw;
        }
    }
}
