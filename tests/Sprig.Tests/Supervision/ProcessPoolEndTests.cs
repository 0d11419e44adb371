using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Tests.IO;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>ProcessPool: how processes end, by crashes, kills, shutdown, with the run and with the program.</summary>
public class ProcessPoolEndTests
{
    [Theory]
    [InlineData("exit 3", 3, null, "it exited with code 3.")]
    [InlineData("exit 0", 0, null, "it exited with code 0.")]
    [InlineData("kill", 137, 9, "signal 9 ended it (exit code 137).")]
    [InlineData("failfast", 134, 6, "signal 6 ended it (exit code 134).")]
    public void A_crash_is_an_error_of_its_work_alone_and_the_next_gets_a_new_process(string how, int exitCode, int? signal, string text)
        => WorkerRun.With(1, async pool =>
        {
            int process = await pool.RunAsync(WorkerEntries.ProcessId, 0);
            PoolWork<int> crashing = pool.Submit(WorkerEntries.End, how);
            PoolWork<int> next = pool.Submit(WorkerEntries.ProcessId, 0);
            WorkerCrashedException error = await IoLoop.Throws<WorkerCrashedException>(async () => await crashing);
            Assert.Equal("end", error.Entry);
            Assert.Equal((exitCode, signal), (error.ExitCode, error.Signal));
            Assert.Equal($"The worker process of 'end' did not finish: {text}", error.Message);
            Assert.NotEqual(process, await next);
            WorkerRun.AssertReaped(process);
        });

    [Fact]
    public void A_worker_that_is_killed_in_the_middle_of_work_is_such_a_crash() => WorkerRun.With(1, async pool =>
    {
        string file = WorkerRun.NewPath();
        PoolWork<int> work = pool.Submit(WorkerEntries.Block, file);
        int process = await WorkerRun.UntilBlocked(file);
        NativeCalls.Require(NativeCalls.SignalProcess(process, 9), "kill");
        WorkerCrashedException error = await IoLoop.Throws<WorkerCrashedException>(async () => await work);
        Assert.Equal(9, error.Signal);
        Assert.Equal(2, await pool.RunAsync(WorkerEntries.Double, 1));
    });

    [Fact]
    public void A_worker_that_ended_while_it_had_nothing_to_do_is_replaced_in_silence() => WorkerRun.With(2, async pool =>
    {
        // Two at once, so that there are two.
        PoolWork<int>[] works = [pool.Submit(WorkerEntries.ProcessId, 0), pool.Submit(WorkerEntries.ProcessId, 0)];
        int[] processes = [await works[0], await works[1]];
        Assert.NotEqual(processes[0], processes[1]);
        foreach (int process in processes)
        {
            NativeCalls.Require(NativeCalls.SignalProcess(process, 9), "kill");
            await WorkerRun.UntilEnded(process);
        }

        Assert.DoesNotContain(await pool.RunAsync(WorkerEntries.ProcessId, 0), processes);
    });

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void SIGINT_and_SIGTERM_are_the_programs_affair_and_not_the_workers(int signal) => WorkerRun.With(1, async pool =>
    {
        int process = await pool.RunAsync(WorkerEntries.ProcessId, 0);
        NativeCalls.Require(NativeCalls.SignalProcess(process, signal), "kill");
        for (int i = 0; i < 20; i++)
            Assert.Equal(process, await pool.RunAsync(WorkerEntries.ProcessId, 0));
    });

    [Fact]
    public void A_kill_of_the_waiter_ends_its_wait_and_the_process_in_the_middle_of_the_work() => WorkerRun.With(1, async pool =>
    {
        string file = WorkerRun.NewPath();
        Coroutine<int> waiter = Coroutine.Spawn(() => pool.RunAsync(WorkerEntries.Block, file));
        Coroutine<int> next = Coroutine.Spawn(() => pool.RunAsync(WorkerEntries.Double, 1));
        int process = await WorkerRun.UntilBlocked(file);
        Assert.Equal(CoroutineState.Blocked, next.State);
        await waiter.KillAsync();
        Assert.Equal(CoroutineState.Killed, waiter.State);
        Assert.Equal(2, await next);
        await WorkerRun.UntilEnded(process);
    });

    [Fact]
    public void A_deadline_of_the_waiter_does_the_same() => WorkerRun.With(1, async pool =>
    {
        string file = WorkerRun.NewPath();
        int process = 0;
        using (Deadline deadline = Deadline.After(TimeSpan.FromHours(1)))
        {
            _ = Coroutine.Spawn(async () =>
            {
                process = await WorkerRun.UntilBlocked(file);
                deadline.Expire();
            });
            await IoLoop.Throws<DeadlineExceededException>(() => pool.RunAsync(WorkerEntries.Block, file));
        }

        Assert.Equal(2, await pool.RunAsync(WorkerEntries.Double, 1));
        await WorkerRun.UntilEnded(process);
    });

    [Fact]
    public void A_waiter_killed_in_the_line_never_runs_its_work_and_leaves_the_process_alone() => WorkerRun.With(1, async pool =>
    {
        string file = WorkerRun.NewPath();
        PoolWork<int> first = pool.Submit(WorkerEntries.Block, file);
        int process = await WorkerRun.UntilBlocked(file);
        string never = WorkerRun.NewPath();
        Coroutine<int> waiter = Coroutine.Spawn(() => pool.RunAsync(WorkerEntries.Block, never));
        await IoLoop.UntilBlocked(waiter);
        await waiter.KillAsync();
        Assert.Equal([process], pool.ProcessIds);
        Assert.Equal(0, pool.PendingCount);
        first.Coroutine!.Kill();
        Assert.Equal(2, await pool.RunAsync(WorkerEntries.Double, 1));
        Assert.False(File.Exists(never));
    });

    [Fact]
    public void One_killed_while_its_process_starts_leaves_none() => WorkerRun.With(3, async pool =>
    {
        for (int turns = 0; turns < 12; turns++)
        {
            Coroutine<int> waiter = Coroutine.Spawn(() => pool.RunAsync(WorkerEntries.Double, 1));
            for (int turn = 0; turn < turns; turn++)
                await Coroutine.Yield();
            await waiter.KillAsync();
        }

        await pool.KillAsync();
        Assert.Empty(pool.ProcessIds);
        Assert.Equal(2, await pool.RunAsync(WorkerEntries.Double, 1));
    });

    [Fact]
    public void Shutdown_lets_all_work_be_done_and_leaves_no_process() => IoLoop.Run(async () =>
    {
        ProcessPool pool = new(2);
        PoolWork<int>[] works = [.. Enumerable.Range(0, 6).Select(_ => pool.Submit(WorkerEntries.ProcessId, 0))];
        Coroutine shutdown = Coroutine.Spawn(() => pool.ShutdownAsync());
        await Coroutine.Yield();
        Assert.Throws<InvalidOperationException>(() => pool.Submit(WorkerEntries.Double, 1));
        await shutdown;
        Assert.Empty(pool.ProcessIds);
        foreach (PoolWork<int> work in works)
            WorkerRun.AssertReaped(await work);
        await pool.ShutdownAsync();
    });

    [Fact]
    public void Shutdown_may_cancel_what_waits_in_the_line() => IoLoop.Run(async () =>
    {
        ProcessPool pool = new(1);
        PoolWork<int> running = pool.Submit(WorkerEntries.Double, 1);
        PoolWork<int> pending = pool.Submit(WorkerEntries.Double, 2);
        await pool.ShutdownAsync(cancelPending: true);
        Assert.Equal(2, running.Result);
        Assert.True(pending.IsCanceled);
    });

    [Fact]
    public void Killed_the_pool_ends_what_runs_and_may_be_used_on() => IoLoop.Run(async () =>
    {
        await using ProcessPool pool = new(2);
        string file = WorkerRun.NewPath();
        PoolWork<int> running = pool.Submit(WorkerEntries.Block, file);
        int process = await WorkerRun.UntilBlocked(file);
        await pool.KillAsync();
        Assert.True(running.IsCanceled);
        Assert.Empty(pool.ProcessIds);
        WorkerRun.AssertReaped(process);
        Assert.Equal(2, await pool.RunAsync(WorkerEntries.Double, 1));
    });

    [Fact]
    public void The_runs_end_ends_the_processes_of_a_pool_that_nobody_shut_down()
    {
        int idle = 0;
        int busy = 0;
        ProcessPool? pool = null;
        IoLoop.Run(async () =>
        {
            pool = new ProcessPool(2);
            string file = WorkerRun.NewPath();
            _ = Coroutine.Spawn(() => pool.RunAsync(WorkerEntries.Block, file), new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            busy = await WorkerRun.UntilBlocked(file);
            idle = await pool.RunAsync(WorkerEntries.ProcessId, 0);
        });
        Assert.NotEqual(idle, busy);
        WorkerRun.AssertReaped(idle);
        WorkerRun.AssertReaped(busy);
        // In another run it starts anew.
        IoLoop.Run(async () =>
        {
            Assert.NotEqual(idle, await pool!.RunAsync(WorkerEntries.ProcessId, 0));
            await pool.ShutdownAsync();
        });
    }

    [Fact]
    public void The_workers_end_when_their_program_is_killed_even_in_the_middle_of_work() => WorkerRun.With(1, async pool =>
    {
        string file = WorkerRun.NewPath();
        // The worker is the program here, with two workers of its own: one is busy and one has nothing to do.
        int[] nested = await pool.RunAsync(WorkerEntries.Nest, file);
        File.Delete(file);
        Assert.Equal(2, nested.Length);
        NativeCalls.Require(NativeCalls.SignalProcess(Assert.Single(pool.ProcessIds), 9), "kill");
        foreach (int process in nested)
            await WorkerRun.UntilEnded(process);
    });

    [Fact]
    public void A_scheduler_thread_that_failed_and_that_nobody_joined_is_reported_when_the_process_ends()
    {
        string file = WorkerRun.NewPath();
        WorkerRun.With(1, async pool => await pool.RunAsync(WorkerEntries.LeaveFailedThread, file));
        Assert.Matches(@"^sprig: scheduler thread 'lost' \(started at .*WorkerEntries\.cs:\d+\) failed and nobody joined it: .*broken", File.ReadAllText(file));
        File.Delete(file);
    }

    [Theory]
    [InlineData("/bin/true", "did not serve: it exited with code 0. Does the program call ProcessWorker.ServeIfAsked")]
    [InlineData("/bin/echo Hello", "did not serve but printed 'Hello ")]
    [InlineData("/bin/sleep 1000", "did not serve within 00:00:00.1000000. Does the program")]
    [InlineData("/bin/cat /dev/zero", "did not serve but printed '\0")]
    public void A_program_that_is_no_worker_is_told_as_such(string command, string text) => WorkerRun.With(
        1,
        async pool =>
        {
            for (int i = 0; i < 2; i++)
            {
                WorkerCrashedException error = await IoLoop.Throws<WorkerCrashedException>(() => pool.RunAsync(WorkerEntries.Double, 1));
                Assert.StartsWith($"The worker process for 'double' {text}", error.Message, StringComparison.Ordinal);
            }
        },
        new ProcessPoolOptions { Command = command.Split(' '), StartTimeout = TimeSpan.FromSeconds(command.Contains("sleep", StringComparison.Ordinal) ? 0.1 : 30) });

    [Fact]
    public void A_program_that_is_not_there_is_told_at_each_work() => WorkerRun.With(
        1,
        async pool =>
        {
            await IoLoop.Throws<System.ComponentModel.Win32Exception>(() => pool.RunAsync(WorkerEntries.Double, 1));
            await IoLoop.Throws<System.ComponentModel.Win32Exception>(() => pool.RunAsync(WorkerEntries.Double, 1));
            Assert.Empty(pool.ProcessIds);
        },
        new ProcessPoolOptions { Command = ["/nowhere/program"] });
}
