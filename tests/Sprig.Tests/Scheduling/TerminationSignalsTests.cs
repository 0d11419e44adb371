using System.Diagnostics;
using System.Runtime.InteropServices;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.Scheduling;

/// <summary>SIGTERM, sent to the test process itself. It reaches every run of the process that handles signals, so nothing
/// may run beside; SIGINT goes the same way, but the test platform listens to it too.</summary>
[Collection("alone")]
public class TerminationSignalsTests
{
    private readonly EventLog _log = new();

    [Fact]
    public void SIGTERM_kills_main_and_takes_the_way_out_of_the_runs_end()
    {
        CoroutineKilledException error = Assert.Throws<CoroutineKilledException>(() => CoroutineScheduler.Run(async () =>
        {
            _ = Coroutine.Spawn(() => SleepAndCleanUp("worker"));
            _ = Coroutine.Spawn(() => SleepAndCleanUp("daemon"), new SpawnOptions { Daemon = DaemonRule.UntilWorkEnds });
            await Coroutine.Yield();
            SendTerm();
            await SleepAndCleanUp("main");
        }));
        Assert.Equal(("main", PosixSignal.SIGTERM), (error.CoroutineName, error.Signal));
        _log.Expect("main cleaned up", "worker cleaned up", "daemon cleaned up");
    }

    [Fact]
    public void SIGTERM_after_main_has_returned_ends_the_others()
    {
        CoroutineScheduler.Run(() =>
        {
            _ = Coroutine.Spawn(async () =>
            {
                await Coroutine.Yield();
                SendTerm();
                await SleepAndCleanUp("worker");
            });
            return Task.CompletedTask;
        });
        _log.Expect("worker cleaned up");
    }

    [Fact]
    public void A_second_signal_right_behind_the_first_changes_nothing()
    {
        Assert.Throws<CoroutineKilledException>(() => CoroutineScheduler.Run(async () =>
        {
            using Process shell = Process.Start("/bin/sh", ["-c", $"kill -TERM {Environment.ProcessId}; sleep 0.1; kill -TERM {Environment.ProcessId}"]);
            // A long step: the loop has taken none of them when the second comes.
            shell.WaitForExit();
            Thread.Sleep(100);
            await SleepAndCleanUp("main");
        }));
        _log.Expect("main cleaned up");
    }

    private static void SendTerm()
    {
        using Process shell = Process.Start("/bin/sh", ["-c", $"kill -TERM {Environment.ProcessId}"]);
    }

    private async Task SleepAndCleanUp(string name)
    {
        try
        {
            await Coroutine.Sleep(TimeSpan.FromHours(1));
        }
        finally
        {
            await Coroutine.Yield();
            _log.Add($"{name} cleaned up");
        }
    }
}

[CollectionDefinition("alone", DisableParallelization = true)]
public class RunsAlone;
