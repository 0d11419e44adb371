using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.Scheduling;
using Xunit;

namespace Sprig.Tests.Supervision;

public class CoroutineGroupTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Members_come_in_order_and_leave_when_they_end()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new("group");
            Coroutine one = group.Spawn(() => Bodies.SleepFor(1), Named("one"));
            Coroutine two = group.Spawn(() => Bodies.SleepFor(2), Named("two"));
            _run.At($"{group.Count} {string.Join(' ', group.Coroutines.Select(member => member.Name))} {group.Contains(one)}");
            await one;
            _run.At($"{group.Count} {group.Contains(one)} {group.Contains(two)}");
            Assert.True(await group.JoinAsync());
            _run.At($"{group.Count}");
            Assert.True(await group.JoinAsync());
        });
        _run.Log.Expect("0 2 one two True", "1 1 False True", "2 0");
    }

    [Fact]
    public void All_forms_of_bodies_are_spawned_and_give_their_results() => _run.Run(async () =>
    {
        CoroutineGroup group = new();
        Coroutine<int> task = group.Spawn(() => Task.FromResult(1));
        Coroutine<int> valueTask = group.Spawn(() => new ValueTask<int>(2));
        Coroutine plain = group.Spawn(() => new ValueTask(Bodies.SleepFor(1)));
        Assert.Equal(3, group.Count);
        Assert.Contains(nameof(CoroutineGroupTests), valueTask.SpawnedAt, StringComparison.Ordinal);
        Assert.Equal(3, await task + await valueTask);
        await plain;
        Assert.Equal(0, group.Count);
    });

    [Fact]
    public void Coroutines_are_taken_in_and_let_go()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            CoroutineGroup other = new();
            Coroutine child = Coroutine.Spawn(() => Bodies.SleepFor(5));
            Coroutine ended = Coroutine.Spawn(() => Task.CompletedTask);
            await ended;
            foreach (Coroutine coroutine in (Coroutine[])[child, child, ended])
                group.Add(coroutine);
            other.Add(child);
            _run.At($"{group.Count} {other.Count}");
            Assert.True(group.Discard(child));
            Assert.False(group.Discard(child));
            Assert.True(await group.JoinAsync());
            _run.At($"{group.Count} {child.State}");
            Assert.True(await other.JoinAsync());
            _run.At($"{other.Count} {child.State}");
        });
        _run.Log.Expect("0 1 1", "0 0 Blocked", "5 0 Completed");
    }

    [Fact]
    public void A_join_waits_for_those_too_that_come_in_meanwhile()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            _ = group.Spawn(async () =>
            {
                await Bodies.SleepFor(1);
                _ = group.Spawn(() => Bodies.SleepFor(2));
            });
            Assert.True(await group.JoinAsync());
            _run.At("joined");
        });
        _run.Log.Expect("3 joined");
    }

    [Fact]
    public void A_join_says_false_when_its_time_is_over_and_true_when_the_last_ends_in_that_tick()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            _ = group.Spawn(() => Bodies.SleepFor(2));
            await Coroutine.Yield();
            _run.At($"{await group.JoinAsync(VirtualRun.Seconds(1))}");
            _run.At($"{await group.JoinAsync(TimeSpan.Zero)}");
            _run.At($"{await group.JoinAsync(VirtualRun.Seconds(1))}");
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => group.JoinAsync(VirtualRun.Seconds(-1)));
        });
        _run.Log.Expect("1 False", "1 False", "2 True");
    }

    [Fact]
    public void A_join_that_raises_errors_throws_the_earliest_at_once()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            Coroutine early = group.Spawn(() => Bodies.FailAfter(1, "before the call"));
            await early.JoinAsync();
            Coroutine second = group.Spawn(() => Bodies.FailAfter(2, "second"));
            _ = group.Spawn(() => Bodies.FailAfter(1, "first"));
            _ = group.Spawn(() => Bodies.SleepFor(9));
            Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => group.JoinAsync(raiseError: true));
            _run.At($"{error.Message} {group.Count}");
            Assert.True(await group.JoinAsync());
            Assert.NotNull(early.Exception);
            Assert.NotNull(second.Exception);
            Assert.True(await group.JoinAsync(raiseError: true));
        });
        _run.Log.Expect("2 first 2");
        _run.Reports.Expect();
    }

    [Fact]
    public void A_plain_join_is_no_look_at_a_failure()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => _run.Run(async () =>
        {
            CoroutineGroup group = new();
            _ = group.Spawn(() => Bodies.Fail("broken"), Named("child"));
            Assert.True(await group.JoinAsync());
        }));
        Assert.Equal("broken", Assert.Single(error.InnerExceptions).Message);
        _run.Reports.Expect("failure of child: broken");
    }

    [Fact]
    public void A_deadline_or_a_kill_ends_a_join_and_leaves_the_members_alone()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new("group");
            Coroutine child = group.Spawn(() => Bodies.SleepFor(9));
            Assert.False(await Deadline.TryRunAsync(VirtualRun.Seconds(1), () => group.JoinAsync()));
            Coroutine killed = Coroutine.Spawn(() => group.JoinAsync());
            await Coroutine.Yield();
            Assert.Equal("CoroutineGroup 'group'", killed.BlockedOn);
            await killed.KillAsync();
            // Woken, and killed before it runs.
            Coroutine woken = Coroutine.Spawn(() => group.JoinAsync());
            child.AddDoneCallback(_ => woken.Kill());
            await woken.JoinAsync();
            _run.At($"{killed.State} {woken.State} {child.State} {group.Count}");
        });
        _run.Log.Expect("9 Killed Killed Completed 0");
    }

    [Fact]
    public void A_kill_takes_all_and_those_that_come_meanwhile_and_leaves_the_group_usable()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            Coroutine late = null!;
            _ = group.Spawn(async () =>
            {
                try
                {
                    await Bodies.SleepForEver();
                }
                finally
                {
                    late = group.Spawn(() => Bodies.SleepFor(9));
                    await Bodies.SleepFor(2);
                }
            });
            Coroutine other = group.Spawn(Bodies.SleepForEver);
            await Coroutine.Yield();
            Assert.True(await group.KillAsync());
            _run.At($"{group.Count} {late.State} {other.State}");
            Assert.True(await group.KillAsync());
            _ = group.Spawn(() => Bodies.SleepFor(1));
            Assert.True(await group.JoinAsync());
            _run.At("used on");
        });
        _run.Log.Expect("2 0 Killed Killed", "3 used on");
    }

    [Fact]
    public void A_kill_says_false_when_its_time_is_over()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            _ = group.Spawn(Bodies.NeverGiveUp, new SpawnOptions { Name = "stubborn", Daemon = DaemonRule.UntilMainReturns });
            await Coroutine.Yield();
            _run.At($"{await group.KillAsync(VirtualRun.Seconds(1), VirtualRun.Seconds(2))}");
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => group.KillAsync(VirtualRun.Seconds(-1)));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => group.KillAsync(timeout: VirtualRun.Seconds(-1)));
        });
        _run.Log.Expect("2 False");
        _run.Reports.Expect("straggler stubborn");
    }

    [Fact]
    public void A_member_can_not_wait_for_its_own_end_but_may_kill_all() => _run.Run(async () =>
    {
        CoroutineGroup group = new("group");
        Coroutine joiner = group.Spawn(() => group.JoinAsync());
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await joiner);
        Assert.Contains("CoroutineGroup 'group'", error.Message, StringComparison.Ordinal);
        Coroutine killer = group.Spawn(() => group.KillAsync());
        Assert.True(await group.JoinAsync());
        Assert.Equal(CoroutineState.Killed, killer.State);
    });

    [Fact]
    public void Joining_an_empty_group_over_and_over_starves_nobody()
    {
        _run.Run(async () =>
        {
            CoroutineGroup group = new();
            Coroutine loop = Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < 200; i++)
                    await group.JoinAsync();
                _run.Log.Add("looped");
            });
            await Coroutine.Yield();
            _run.Log.Add("the other's turn");
            await loop;
        });
        _run.Log.Expect("the other's turn", "looped");
    }

    [Fact]
    public void Bad_input_and_other_schedulers_are_refused()
    {
        CoroutineGroup group = new("group");
        Assert.Throws<InvalidOperationException>(() => group.Spawn(Bodies.SleepForEver));
        _run.Run(async () =>
        {
            Assert.Throws<ArgumentNullException>(() => group.Spawn((Func<Task>)null!));
            Assert.Throws<ArgumentNullException>(() => group.Spawn((Func<ValueTask>)null!));
            Assert.Throws<ArgumentNullException>(() => group.Add(null!));
            Assert.Throws<ArgumentNullException>(() => group.Discard(null!));
            Assert.Throws<ArgumentNullException>(() => group.Contains(null!));
            Coroutine child = group.Spawn(() => Bodies.SleepFor(1));
            Exception? error = null;
            Thread thread = new(() => new VirtualRun().Run(async () =>
            {
                error = await Record.ExceptionAsync(() => group.JoinAsync());
                Assert.Throws<InvalidOperationException>(() => group.Spawn(Bodies.SleepForEver));
                Assert.Throws<InvalidOperationException>(() => new CoroutineGroup().Add(child));
            }));
            thread.Start();
            thread.Join();
            Assert.Contains("belongs to the scheduler of another thread", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
            await child;
        });
        // In a later run it serves again.
        new VirtualRun().Run(async () =>
        {
            _ = group.Spawn(() => Bodies.SleepFor(1));
            Assert.True(await group.JoinAsync());
        });
    }

    private static SpawnOptions Named(string name) => new() { Name = name };
}
