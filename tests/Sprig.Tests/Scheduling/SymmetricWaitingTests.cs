using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>Symmetric coroutines whose bodies wait: the coroutine that runs them waits, with kills and deadlines.</summary>
public class SymmetricWaitingTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Switches_that_do_not_wait_take_no_tick()
    {
        _run.Run(async () =>
        {
            _ = Coroutine.Spawn(() =>
            {
                _run.Log.Add("other coroutine");
                return Task.CompletedTask;
            });
            SymmetricCoroutine<int, int> echo = Echo(0);
            for (int i = 0; i < 100; i++)
                await echo.Switch(i);
            _run.Log.Add("switched");
            await Coroutine.Yield();
        });
        _run.Log.Expect("switched", "other coroutine");
    }

    [Fact]
    public void When_a_body_waits_all_wait_and_go_on_where_they_were()
    {
        _run.Run(async () =>
        {
            SymmetricCoroutine<int, int> echo = Echo(1);
            for (int i = 0; i < 3; i++)
                _run.At($"root has {await echo.Switch(i)}");
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            for (int i = 3; i < 5; i++)
                _run.At($"root has {await echo.Switch(i)}");
        });
        _run.Log.Expect("1 root has 0", "2 root has 1", "3 root has 2", "5 root has 3", "6 root has 4");
    }

    [Fact]
    public void After_a_wait_switches_take_no_tick_either()
    {
        _run.Run(async () =>
        {
            SymmetricCoroutine<int, int> a = null!, b = null!;
            a = new(async (_, value) =>
            {
                await Coroutine.Yield();
                for (int i = 0; i < 50; i++)
                    value = await b.Switch(value + 1);
                return value;
            });
            b = new(async (_, value) =>
            {
                while (true)
                    value = await a.Switch(value + 1);
            });
            Coroutine other = Coroutine.Spawn(() => CountYields(5));
            Assert.Equal(100, await a.Switch(0));
            _run.Log.Add("100 switches");
            await other;
        });
        // Its yield let the other run once; the switches did not.
        _run.Log.Expect("yield 0", "100 switches", "yield 1", "yield 2", "yield 3", "yield 4");
    }

    [Fact]
    public void Several_coroutines_switch_in_groups_of_their_own_whose_waits_interleave()
    {
        _run.Run(async () =>
        {
            await Coroutine.JoinAll([.. Enumerable.Range(1, 3).Select(number => Coroutine.Spawn(() => Group(number)))]);

            async Task Group(int number)
            {
                SymmetricCoroutine<int, string> inner = new(async (self, value) =>
                {
                    while (true)
                    {
                        await Coroutine.Sleep(VirtualRun.Seconds(number));
                        Assert.Same(self, SymmetricCoroutine.Current);
                        value = await self.SwitchBack($"{number}:{value}");
                    }
                });
                SymmetricCoroutine<int, string> outer = new(async (self, value) =>
                {
                    while (true)
                    {
                        string got = await inner.Switch(value);
                        await Coroutine.Yield();
                        Assert.Same(self, SymmetricCoroutine.Current);
                        value = await self.SwitchBack(got);
                    }
                });
                for (int i = 0; i < 3; i++)
                {
                    string got = await outer.Switch(i);
                    Assert.Null(SymmetricCoroutine.Current);
                    _run.At(got);
                    await Coroutine.Yield();
                }
            }
        });
        _run.Log.Expect("1 1:0", "2 2:0", "2 1:1", "3 3:0", "3 1:2", "4 2:1", "6 3:1", "6 2:2", "9 3:2");
    }

    [Fact]
    public void A_body_that_ends_after_a_wait_resumes_its_parent_in_that_step()
    {
        _run.Run(async () =>
        {
            SymmetricCoroutine<int, int> late = new(async (_, value) =>
            {
                await Coroutine.Sleep(VirtualRun.Seconds(2));
                return value;
            });
            SymmetricCoroutine<int, int> failing = new(async (_, _) =>
            {
                await Coroutine.Sleep(VirtualRun.Seconds(1));
                throw new IOException("late");
            });
            _run.At($"{await late.Switch(4)}");
            await Assert.ThrowsAsync<IOException>(async () => await failing.Switch(4));
            _run.At("failed");
        });
        _run.Log.Expect("2 4", "3 failed");
    }

    [Fact]
    public void A_foreign_task_awaited_in_a_body_comes_home()
    {
        _run.Run(async () =>
        {
            int loop = Environment.CurrentManagedThreadId;
            SymmetricCoroutine<int, int> away = new(async (self, value) =>
            {
                while (true)
                {
                    int there = await Task.Factory.StartNew(
                        () => Environment.CurrentManagedThreadId,
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default);
                    Assert.NotEqual(loop, there);
                    Assert.Equal(loop, Environment.CurrentManagedThreadId);
                    value = await self.SwitchBack(value + 1);
                }
            });
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(i + 1, await away.Switch(i));
                Assert.Equal(loop, Environment.CurrentManagedThreadId);
            }
        });
    }

    [Fact]
    public void A_kill_is_thrown_by_the_wait_it_finds_and_unwinds_through_the_parents()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Level("root", async () =>
            {
                SymmetricCoroutine<int, int> outer = new(async (_, value) =>
                {
                    SymmetricCoroutine<int, int> inner = new(async (_, _) =>
                    {
                        await Level("inner", Bodies.SleepForEver);
                        return 0;
                    });
                    await Level("outer", async () => await inner.Switch(value));
                    return 0;
                });
                await outer.Switch(1);
            }));
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            child.Kill();
            await child.JoinAsync();
            _run.At($"{child.State}");
        });
        _run.Log.Expect(
            "1 inner killed", "2 inner cleaned up", "2 outer killed", "3 outer cleaned up", "3 root killed", "4 root cleaned up",
            "4 Killed");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_kill_that_finds_the_root_waiting_unwinds_what_is_disposed_of()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                SymmetricCoroutine<int, int> generator = new(async (self, value) =>
                {
                    await Level("generator", async () =>
                    {
                        while (true)
                            value = await self.SwitchBack(value);
                    });
                    return 0;
                });
                await using (generator)
                {
                    await generator.Switch(1);
                    await Level("root", Bodies.SleepForEver);
                }
            });
            await Coroutine.Sleep(VirtualRun.Seconds(1));
            child.Kill();
            await child.JoinAsync();
            _run.At($"{child.State}");
        });
        _run.Log.Expect("1 root killed", "2 root cleaned up", "2 generator killed", "3 generator cleaned up", "3 Killed");
    }

    [Fact]
    public void A_kill_after_a_grant_and_before_it_ran_passes_the_grant_on()
    {
        _run.Run(async () =>
        {
            WaitQueue queue = new("queue");
            Coroutine child = Coroutine.Spawn(async () =>
            {
                SymmetricCoroutine<int, int> waiting = new(async (_, value) =>
                {
                    await queue.WaitAsync();
                    _run.Log.Add("not reached");
                    return value;
                });
                await waiting.Switch(1);
            });
            Coroutine next = Coroutine.Spawn(async () =>
            {
                await Coroutine.Yield();
                await queue.WaitAsync();
                _run.Log.Add("the next has it");
            });
            await Bodies.SleepFor(1);
            Assert.True(queue.WakeOne());
            child.Kill();
            await Coroutine.JoinAll(child, next);
            Assert.Equal(CoroutineState.Killed, child.State);
        });
        _run.Log.Expect("the next has it");
    }

    [Fact]
    public void A_deadline_around_a_switch_ends_the_wait_that_it_finds_and_comes_out_at_its_block()
    {
        _run.Run(async () =>
        {
            SymmetricCoroutine<int, int> slow = new(async (_, value) =>
            {
                await Level("slow", Bodies.SleepForEver);
                return value;
            });
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(3), async () => await slow.Switch(1)));
            _run.At("went on");
            Assert.False(slow.IsAlive);
        });
        _run.Log.Expect("4 slow cleaned up", "4 went on");
    }

    [Fact]
    public void The_bodies_share_the_locals_of_the_coroutine_that_runs_them()
    {
        CoroutineLocal<int> local = new();
        _run.Run(async () =>
        {
            local.Value = 1;
            SymmetricCoroutine<int, int> body = new(async (_, value) =>
            {
                Assert.Equal(1, local.Value);
                await Coroutine.Yield();
                local.Value = value;
                return value;
            });
            await body.Switch(2);
            Assert.Equal(2, local.Value);
        });
    }

    [Fact]
    public void A_deadlock_in_a_body_is_told_in_it()
    {
        _run.Run(async () =>
        {
            WaitQueue never = new("what never comes");
            SymmetricCoroutine<int, int> stuck = new(async (_, value) =>
            {
                await never.WaitAsync();
                return value;
            });
            DeadlockException error = await Assert.ThrowsAsync<DeadlockException>(async () => await stuck.Switch(1));
            Assert.Contains("what never comes", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Flows_side_by_side_whose_bodies_wait_are_told_and_do_not_hang()
    {
        _run.Run(async () =>
        {
            SymmetricCoroutine<int, int> first = Echo(1), second = Echo(2);
            Task<int> one = SwitchAsync(first, 1);
            Task<int> two = SwitchAsync(second, 2);
            InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(one, two));
            Assert.Contains("spawn a coroutine for each", error.Message, StringComparison.Ordinal);
            Assert.True(one.IsFaulted && two.IsFaulted);
            // The end of the second finds nobody.
            await Coroutine.Sleep(VirtualRun.Seconds(5));
            Assert.False(second.IsAlive);
            Assert.Contains("'main'", _run.Errors.ToString(), StringComparison.Ordinal);
        });

        static async Task<int> SwitchAsync(SymmetricCoroutine<int, int> other, int value) => await other.Switch(value);
    }

    [Fact]
    public void A_flow_that_outlives_its_coroutines_body_gets_what_it_switched_for()
    {
        _run.Run(async () =>
        {
            Task<int> leftBehind = null!;
            await Coroutine.Spawn(() =>
            {
                leftBehind = SwitchAsync();
                return Task.CompletedTask;
            });
            _run.At("ended");
            Assert.Equal(7, await leftBehind);
            _run.At("got it");
        });
        _run.Log.Expect("0 ended", "2 got it");

        static async Task<int> SwitchAsync()
        {
            SymmetricCoroutine<int, int> echo = Echo(1);
            await echo.Switch(1);
            return await echo.Switch(7);
        }
    }

    [Fact]
    public void A_body_that_has_left_the_loop_ends_with_an_error_that_comes_home()
    {
        _run.Run(async () =>
        {
            int loop = Environment.CurrentManagedThreadId;
            using SemaphoreSlim gate = new(0);
            SymmetricCoroutine<int, int> away = new(async (self, value) =>
            {
                await gate.WaitAsync().ConfigureAwait(false);
                Assert.NotEqual(loop, Environment.CurrentManagedThreadId);
                return await self.SwitchBack(value);
            });
            _ = Coroutine.Spawn(() =>
            {
                gate.Release();
                return Task.CompletedTask;
            });
            InvalidOperationException error
                = await Assert.ThrowsAsync<InvalidOperationException>(async () => await away.Switch(1));
            Assert.Contains("ConfigureAwait(false)", error.Message, StringComparison.Ordinal);
            Assert.Equal(loop, Environment.CurrentManagedThreadId);
        });
    }

    private static SymmetricCoroutine<int, int> Echo(double pause) => new(async (self, value) =>
    {
        while (true)
        {
            if (pause > 0)
                await Coroutine.Sleep(VirtualRun.Seconds(pause));
            value = await self.SwitchBack(value);
        }
    });

    private async Task CountYields(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _run.Log.Add($"yield {i}");
            await Coroutine.Yield();
        }
    }

    /// <summary>Says when it is killed, and takes a second to clean up.</summary>
    private async Task Level(string name, Func<Task> block)
    {
        try
        {
            await block();
        }
        catch (CoroutineKilledException)
        {
            _run.At($"{name} killed");
            throw;
        }
        finally
        {
            await Bodies.SleepFor(1);
            _run.At($"{name} cleaned up");
        }
    }
}
