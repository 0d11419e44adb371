using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>One test per edge of the diagram in CoroutineState.cs, numbered as there.</summary>
public class CoroutineStateTests
{
    private readonly VirtualRun _run = new();

    [Fact]
    public void Edge_1_Created_to_Killed_before_its_delay_was_over()
    {
        _run.Run(() =>
        {
            Coroutine child = Coroutine.SpawnAfter(VirtualRun.Seconds(1), Bodies.SleepForEver);
            Note(child);
            child.Kill();
            Note(child);
            return Task.CompletedTask;
        });
        _run.Log.Expect("Created", "Killed");
    }

    [Fact]
    public void Edge_2_Created_to_Ready_when_its_delay_is_over()
    {
        _run.Run(async () =>
        {
            Coroutine? child = null;
            _ = Coroutine.Spawn(async () =>
            {
                // Set before the child's timer, so that it fires before: it sees the child ready, not yet run.
                await Coroutine.Sleep(VirtualRun.Seconds(1));
                Note(child!);
            });
            await Coroutine.Yield();
            child = Coroutine.SpawnAfter(VirtualRun.Seconds(1), NoteSelf);
            Note(child);
        });
        _run.Log.Expect("Created", "Ready", "Running");
    }

    [Fact]
    public void Edges_3_and_4_Spawn_makes_it_Ready_and_its_turn_Running()
    {
        _run.Run(() =>
        {
            Note(Coroutine.Spawn(NoteSelf));
            return Task.CompletedTask;
        });
        _run.Log.Expect("Ready", "Running");
    }

    [Fact]
    public void Edge_5_Running_to_Ready_by_a_yield()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                Note(Coroutine.Current);
                await Coroutine.Yield();
            });
            await Coroutine.Yield();
            Note(child);
        });
        _run.Log.Expect("Running", "Ready");
    }

    [Fact]
    public void Edge_6_Running_to_Blocked_when_its_step_ended_with_nothing_ready()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                Note(Coroutine.Current);
                await Coroutine.Sleep(VirtualRun.Seconds(1));
            });
            Assert.Null(child.BlockedOn);
            Assert.Null(child.BlockedSince);
            await Coroutine.Yield();
            Note(child);
            Assert.Equal("a time (sleep)", child.BlockedOn);
            Assert.Equal(_run.Clock.Now, child.BlockedSince);
        });
        _run.Log.Expect("Running", "Blocked");
    }

    [Fact]
    public void Edge_7_Blocked_to_Ready_when_what_it_waited_for_came()
    {
        _run.Run(async () =>
        {
            WaitQueue queue = new("a thing");
            Coroutine child = Coroutine.Spawn(async () => await queue.WaitAsync());
            await Coroutine.Yield();
            Assert.Equal("a thing", child.BlockedOn);
            Note(child);
            queue.WakeOne();
            Note(child);
            Assert.Null(child.BlockedOn);
        });
        _run.Log.Expect("Blocked", "Ready");
    }

    [Fact]
    public void Edge_7_Blocked_to_Ready_when_a_foreign_task_came_home()
    {
        _run.Run(async () =>
        {
            TaskCompletionSource foreign = new();
            Coroutine child = Coroutine.Spawn(() => Await(foreign.Task));
            await Coroutine.Yield();
            Note(child);
            Assert.Equal("a task from outside the loop", child.BlockedOn);
            Assert.Null(child.BlockedSince);
            foreign.SetResult();
            Note(child);
            await child;
            Note(child);
        });
        _run.Log.Expect("Blocked", "Ready", "Completed");
    }

    [Fact]
    public void Edge_7_Blocked_to_Ready_when_its_wait_failed()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(Bodies.SleepForEver);
            await Coroutine.Yield();
            Note(child);
            child.Kill();
            Note(child);
        });
        _run.Log.Expect("Blocked", "Ready");
    }

    [Fact]
    public void Edge_8_Running_to_Completed_when_its_body_returned()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(NoteSelf);
            await child;
            Note(child);
            Assert.False(child.IsAlive);
            Assert.Null(child.Exception);
        });
        _run.Log.Expect("Running", "Completed");
    }

    [Fact]
    public void Edge_9_Running_to_Faulted_when_its_body_threw()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(() => Bodies.Fail("broken"));
            await child.JoinAsync();
            Note(child);
            Assert.Equal("broken", child.Exception!.Message);
        });
        _run.Log.Expect("Faulted");
    }

    [Fact]
    public void Edge_10_Running_to_Killed_when_a_kill_was_delivered_and_its_body_has_ended()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(async () =>
            {
                try
                {
                    await Bodies.SleepForEver();
                }
                finally
                {
                    Note(Coroutine.Current);
                }
            });
            await Coroutine.Yield();
            await child.KillAsync();
            Note(child);
            Assert.Null(child.Exception);
        });
        _run.Log.Expect("Running", "Killed");
    }

    [Fact]
    public void Edge_11_Ready_to_Killed_before_its_first_step()
    {
        _run.Run(async () =>
        {
            Coroutine child = Coroutine.Spawn(NoteSelf);
            Note(child);
            child.Kill();
            Note(child);
            await Coroutine.Yield();
        });
        _run.Log.Expect("Ready", "Killed");
    }

    [Fact]
    public void Edge_11_Blocked_to_Killed_when_given_up_at_the_end_of_the_run()
    {
        Coroutine? child = null;
        _run.Run(async () =>
        {
            child = Coroutine.Spawn(IgnoreTheKill, new SpawnOptions { Name = "deaf", Daemon = DaemonRule.UntilWorkEnds });
            await Coroutine.Yield();
            Note(child);
        });
        Note(child!);
        _run.Log.Expect("Blocked", "Killed");
        _run.Reports.Expect("straggler deaf");

        static async Task IgnoreTheKill() => await new TaskCompletionSource().Task;
    }

    private static async Task Await(Task task) => await task;

    private Task NoteSelf()
    {
        Note(Coroutine.Current);
        return Task.CompletedTask;
    }

    private void Note(Coroutine coroutine) => _run.Log.Add(coroutine.State.ToString());
}
