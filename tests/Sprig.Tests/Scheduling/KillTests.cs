using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Coroutine.Kill, of Coroutine.Killing.cs: where and how it is delivered.</summary>
public class KillTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Bad_input_kills_nobody() => _run.Run(async () =>
    {
        Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(1));
        TimeSpan negative = VirtualRun.Seconds(-1);
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Kill(negative));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await child.KillAsync(negative));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await child.KillAsync(timeout: negative));
        await child;
    });

    [Fact]
    public void A_kill_is_delivered_at_the_coroutines_wait_and_finally_blocks_may_await()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                try
                {
                    await Bodies.SleepFor(100);
                    _run.At("not reached");
                }
                catch (CoroutineKilledException e)
                {
                    _run.At($"caught {e.CoroutineName} {e.Signal}");
                    throw;
                }
                finally
                {
                    await Bodies.SleepFor(2);
                    _run.At("cleaned up");
                }
            }, new SpawnOptions { Name = "child" });
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            child.Kill();
            _run.At($"killed {child.State}");
            await child.JoinAsync();
            _run.At($"{child.State}");
        });
        _run.Log.Expect("1 killed Ready", "1 caught child ", "3 cleaned up", "3 Killed");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_kill_that_finds_no_wait_is_delivered_at_the_next_one()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource foreign = new();
            Coroutine child = Coroutine.Spawn(async () =>
            {
                await foreign.Task;
                _run.Log.Add("after the foreign await");
                await Coroutine.Sleep(VirtualRun.Seconds(1));
                _run.Log.Add("not reached");
            });
            await Coroutine.Yield();
            child.Kill();
            await Coroutine.Yield();
            _run.Log.Add($"{child.State}");
            foreign.SetResult();
            await child.JoinAsync();
            _run.Log.Add($"{child.State}");
        });
        _run.Log.Expect("Blocked", "after the foreign await", "Killed");
        Assert.Equal(TimeSpan.Zero, _run.Clock.Elapsed);
    }

    [Fact]
    public void A_coroutine_killed_before_its_first_step_never_runs()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() =>
            {
                _run.Log.Add("ran");
                return Task.CompletedTask;
            });
            child.Kill();
            _run.Log.Add($"{await child.JoinAsync()} {child.State}");
            await Coroutine.Sleep(VirtualRun.Seconds(1));
        });
        _run.Log.Expect("True Killed");
    }

    [Fact]
    public void A_kill_is_delivered_at_a_yield()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                while (true)
                {
                    _run.Log.Add("step");
                    await Coroutine.Yield();
                }
            });
            await Coroutine.Yield();
            child.Kill();
            await child.JoinAsync();
            _run.Log.Add($"{child.State}");
        });
        _run.Log.Expect("step", "Killed");
    }

    [Fact]
    public void A_kill_after_a_grant_and_before_it_ran_is_thrown_by_that_wait() => _run.Run(async () =>
    {
        WaitQueue queue = new("queue");
        Coroutine child = Coroutine.Spawn(async () =>
        {
            await queue.WaitAsync();
            _run.Log.Add("granted");
            await Bodies.SleepForEver();
        });
        await Coroutine.Yield();
        Assert.True(queue.WakeOne());
        child.Kill();
        await child.JoinAsync();
        _run.Log.Expect();
        Assert.Equal(CoroutineState.Killed, child.State);
    });

    [Fact]
    public void A_kill_on_the_tick_of_a_deadline_is_not_lost()
    {
        _run.Run(async () =>
        {
            Coroutine? child = null;
            // Its timer is set first, so it runs first: by then the child's wait has failed, and the child has not run.
            Coroutine killer = Coroutine.SpawnAfter(VirtualRun.Seconds(1), () =>
            {
                Assert.Equal(CoroutineState.Ready, child!.State);
                child.Kill();
                return Task.CompletedTask;
            });
            child = Coroutine.Spawn(async () =>
            {
                bool inTime = await Deadline.TryRunAsync(VirtualRun.Seconds(1), Bodies.SleepForEver);
                _run.At($"in time: {inTime}");
                await Bodies.SleepFor(100);
                _run.At("not reached");
            });
            await Coroutine.JoinAll(child, killer);
            _run.At($"{child.State} {killer.State}");
        });
        _run.Log.Expect("1 in time: False", "1 Killed Completed");
    }

    [Fact]
    public void A_coroutine_may_kill_itself_and_meets_it_at_its_next_wait()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                Coroutine.Current.Kill();
                _run.Log.Add("still here");
                await Coroutine.Yield();
                _run.Log.Add("not reached");
            });
            await child.JoinAsync();
            _run.Log.Add($"{child.State}");
        });
        _run.Log.Expect("still here", "Killed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_kill_reaches_the_body_though_a_wait_was_left_behind(bool self)
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                Task leftBehind = Coroutine.Sleep(VirtualRun.Seconds(50)).AsValueTask().AsTask();
                await Task.WhenAny(leftBehind, Coroutine.Sleep(VirtualRun.Seconds(1)).AsValueTask().AsTask());
                if (self)
                    Coroutine.Current.Kill();
                await Coroutine.Yield();
                await Bodies.SleepFor(1);
                _run.At("not reached");
            });
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            Assert.Equal(CoroutineState.Ready, child.State);
            await Coroutine.Yield();
            child.Kill();
            await child.JoinAsync();
            _run.At($"{child.State}");
        });
        _run.Log.Expect("1 Killed");
    }

    [Fact]
    public void Several_waits_at_once_each_get_a_kill_of_their_own()
    {
        _run.Run(async () =>
        {
            Task[] flows = [];
            Coroutine child = Coroutine.Spawn(async () =>
            {
                flows = [Bodies.SleepFor(5), Bodies.SleepFor(6), Bodies.SleepForEver()];
                await Task.WhenAll(flows);
            });
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            await child.KillAsync();
            Assert.All(flows, flow => Assert.True(flow.IsCanceled));
            _run.At($"{child.State}");
        });
        _run.Log.Expect("1 Killed");
    }
}
