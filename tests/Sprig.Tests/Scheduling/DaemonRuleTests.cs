using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

public class DaemonRuleTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void The_run_does_not_end_before_one_that_is_no_daemon_does()
    {
        _run.Run(() =>
        {
            Coroutine.Spawn(() => Bodies.SleepFor(10)).AddDoneCallback(child => _run.At($"{child.State}"));
            return Task.CompletedTask;
        });
        _run.Log.Expect("10 Completed");
    }

    [Fact]
    public void UntilMainReturns_is_ended_when_mains_body_has_returned_though_others_go_on()
    {
        _run.Run(async () =>
        {
            Spawn("process", DaemonRule.UntilMainReturns);
            Spawn("thread", DaemonRule.UntilWorkEnds);
            _ = Coroutine.Spawn(async () =>
            {
                await Bodies.SleepFor(5);
                _run.At("work ends");
            });
            await Bodies.SleepFor(2);
            _run.At("main returns");
        });
        _run.Log.Expect("2 main returns", "2 process ended", "5 work ends", "5 thread ended");
    }

    [Fact]
    public void Daemons_alone_never_keep_the_run_alive()
    {
        _run.Run(() =>
        {
            Spawn("process", DaemonRule.UntilMainReturns);
            Spawn("thread", DaemonRule.UntilWorkEnds);
            Coroutine.SpawnAfter(VirtualRun.Seconds(50), Bodies.SleepForEver, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            return Task.CompletedTask;
        });
        Assert.Equal(TimeSpan.Zero, _run.Clock.Elapsed);
        // They have had no step, so there is nothing to clean up either.
        _run.Log.Expect();
    }

    [Fact]
    public void A_daemons_children_are_daemons_unless_they_say_otherwise()
    {
        _run.Run(async () =>
        {
            foreach (DaemonRule rule in Enum.GetValues<DaemonRule>())
            {
                _ = Coroutine.Spawn(async () =>
                {
                    Coroutine inherits = Coroutine.Spawn(Bodies.SleepForEver);
                    Coroutine later = Coroutine.SpawnAfter(VirtualRun.Seconds(9), Bodies.SleepForEver);
                    Coroutine says = Coroutine.Spawn(() => Task.CompletedTask, new SpawnOptions { Daemon = DaemonRule.NotDaemon });
                    _run.Log.Add($"{Coroutine.Current.Daemon}: {inherits.Daemon} {later.Daemon} {says.Daemon}");
                    inherits.Kill();
                    later.Kill();
                    await says;
                }, new SpawnOptions { Daemon = rule });
            }

            await Bodies.SleepFor(1);
        });
        _run.Log.Expect(
            "NotDaemon: NotDaemon NotDaemon NotDaemon",
            "UntilMainReturns: UntilMainReturns UntilMainReturns NotDaemon",
            "UntilWorkEnds: UntilWorkEnds UntilWorkEnds NotDaemon");
    }

    [Fact]
    public void A_daemons_child_that_is_none_keeps_the_run_alive_and_its_parent_with_it()
    {
        _run.Run(async () =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                _ = Coroutine.Spawn(() => Bodies.SleepFor(3), new SpawnOptions { Daemon = DaemonRule.NotDaemon });
                await CleanUp("parent", 0);
            }, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            await Coroutine.Yield();
        });
        _run.Log.Expect("3 parent ended");
    }

    [Fact]
    public void An_ended_daemon_runs_its_clean_up_awaited_under_the_grace_time()
    {
        _run.Run(async () =>
        {
            _ = Coroutine.Spawn(() => CleanUp("quick", 4), new SpawnOptions { Name = "quick", Daemon = DaemonRule.UntilWorkEnds });
            _ = Coroutine.Spawn(() => CleanUp("slow", 100), new SpawnOptions { Name = "slow", Daemon = DaemonRule.UntilWorkEnds });
            await Bodies.SleepFor(1);
        });
        _run.Log.Expect("5 quick ended");
        _run.Reports.Expect("straggler slow");
        Assert.Equal(VirtualRun.Seconds(6), _run.Clock.Elapsed);
    }

    [Fact]
    public void Stragglers_at_the_runs_end_are_named_and_given_up()
    {
        Coroutine? deaf = null;
        _run.Run(async () =>
        {
            deaf = Coroutine.Spawn(Bodies.NeverGiveUp, new SpawnOptions { Name = "deaf", Daemon = DaemonRule.UntilWorkEnds });
            _ = Coroutine.Spawn(() => new TaskCompletionSource().Task, new SpawnOptions { Name = "lost", Daemon = DaemonRule.UntilMainReturns });
            await Bodies.SleepFor(1.5);
        });
        Assert.Equal(CoroutineState.Killed, deaf!.State);
        _run.Reports.Expect("straggler deaf", "straggler lost");
        Assert.InRange(_run.Clock.Elapsed, VirtualRun.Seconds(6.5), VirtualRun.Seconds(8));
    }

    [Fact]
    public void A_straggler_given_up_takes_nothing_from_those_that_still_clean_up()
    {
        WaitQueue queue = new("queue");
        _run.Run(
            async () =>
            {
                _ = Coroutine.Spawn(async () =>
                {
                    while (true)
                    {
                        try
                        {
                            await queue.WaitAsync();
                        }
                        catch (OperationCanceledException)
                        {
                            // Deaf.
                        }
                    }
                }, new SpawnOptions { Name = "deaf", Daemon = DaemonRule.UntilMainReturns });
                _ = Coroutine.Spawn(async () =>
                {
                    await Bodies.SleepFor(10);
                    _run.At($"{queue.Count} wait");
                });
                await Coroutine.Yield();
            },
            grace: VirtualRun.Seconds(1));
        _run.Log.Expect("10 0 wait");
    }

    [Fact]
    public void A_daemon_spawned_when_main_has_returned_is_ended_at_once()
    {
        _run.Run(() =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                await Bodies.SleepFor(1);
                Spawn("process", DaemonRule.UntilMainReturns);
                Spawn("thread", DaemonRule.UntilWorkEnds);
                await Bodies.SleepFor(1);
                _run.At("work ends");
            });
            return Task.CompletedTask;
        });
        _run.Log.Expect("2 work ends", "2 thread ended");
    }

    [Fact]
    public void What_a_daemons_clean_up_spawns_is_run_or_ended_by_its_rule()
    {
        _run.Run(async () =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                try
                {
                    await Bodies.SleepForEver();
                }
                finally
                {
                    Coroutine work = Coroutine.Spawn(() => Bodies.SleepFor(2), new SpawnOptions { Daemon = DaemonRule.NotDaemon });
                    Coroutine daemon = Coroutine.Spawn(Bodies.SleepForEver);
                    await Coroutine.JoinAll(work, daemon);
                    _run.At($"{work.State} {daemon.State}");
                }
            }, new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            await Coroutine.Yield();
        });
        _run.Log.Expect("2 Completed Killed");
    }

    private void Spawn(string name, DaemonRule rule) => Coroutine.Spawn(() => CleanUp(name, 0), new SpawnOptions { Name = name, Daemon = rule });

    private async Task CleanUp(string name, double seconds)
    {
        try
        {
            await Bodies.SleepForEver();
        }
        finally
        {
            await Bodies.SleepFor(seconds);
            _run.At($"{name} ended");
        }
    }
}
