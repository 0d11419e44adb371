using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>What a coroutine says of itself: who runs, who is killed, who is a straggler; and SpawnOptions for another's name.</summary>
public class CoroutineQuestionsTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void The_current_one_is_null_where_none_runs()
    {
        Assert.Null(Coroutine.CurrentOrNull);
        _run.Run(async () =>
        {
            Assert.Same(Coroutine.Current, Coroutine.CurrentOrNull);
            CoroutineScheduler.Current.Post(() => _run.Log.Add($"{Coroutine.CurrentOrNull is null}"));
            await Coroutine.Yield();
            await Coroutine.Yield();
        });
        _run.Log.Expect("True");
    }

    [Fact]
    public void One_is_asked_to_end_then_a_straggler_then_dead()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(
                async () =>
                {
                    try
                    {
                        await Bodies.SleepForEver();
                    }
                    finally
                    {
                        await Bodies.SleepFor(9);
                    }
                },
                new SpawnOptions { Name = "child" });
            await Coroutine.Yield();
            Tell();
            child.Kill(VirtualRun.Seconds(2));
            Tell();
            child.AddDoneCallback(_ => Tell());
            await child.JoinAsync();

            void Tell() => _run.At($"{child.IsKillRequested} {child.IsStraggler} {child.IsAlive}");
        });
        _run.Log.Expect("0 False False True", "0 True False True", "2 True True False");
        _run.Reports.Expect("straggler child");
    }

    [Fact]
    public void A_checkpoint_gives_way_now_and_then_and_throws_what_is_due()
    {
        _run.Run(async () =>
        {
            Assert.True(Coroutine.CheckpointAsync().IsCompleted);
            _ = Coroutine.Spawn(async () =>
            {
                for (int i = 0; i < 1000; i++)
                    await Coroutine.CheckpointAsync();
                _run.Log.Add("looped");
            });
            await Coroutine.Yield();
            _run.Log.Add("the other's turn");
            Coroutine killed = Coroutine.Spawn(async () =>
            {
                Coroutine.Current.Kill();
                await Coroutine.CheckpointAsync();
                _run.Log.Add("not reached");
            });
            await killed.JoinAsync();
            Assert.Equal(CoroutineState.Killed, killed.State);
            CoroutineScheduler.Current.Post(() => Assert.True(Coroutine.CheckpointAsync().IsCompleted));
        });
        _run.Log.Expect("the other's turn", "looped");
        _run.Reports.Expect();
    }

    [Fact]
    public void Options_take_a_daemon_rule_unless_they_have_one()
    {
        SpawnOptions plain = new() { Name = "name" };
        Assert.Equal(new SpawnOptions { Name = "name", Daemon = DaemonRule.UntilWorkEnds }, plain.WithDaemonUnlessSet(DaemonRule.UntilWorkEnds));
        Assert.Null(plain.WithDaemonUnlessSet(null).Daemon);
        SpawnOptions set = plain with { Daemon = DaemonRule.NotDaemon };
        Assert.Equal(set, set.WithDaemonUnlessSet(DaemonRule.UntilMainReturns));
    }
}
