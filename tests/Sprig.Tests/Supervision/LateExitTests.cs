using System.Diagnostics;
using System.Reflection;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Testing;
using Sprig.Tests.IO;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Supervision;

/// <summary>A busy machine on which .NET hears of the end of a process only after the time for it is over. Alone: meanwhile it hears
/// of nobody's.</summary>
[Collection(DescriptorTable.Name)]
public class LateExitTests
{
    [Fact]
    public void A_process_that_had_ended_when_it_was_to_be_killed_keeps_its_own_exit_code()
    {
        using ManualResetEventSlim isDeaf = new(), mayHear = new();
        // What .NET takes to itself alone when a child has ended, and others hold while they start one.
        var starting = (ReaderWriterLockSlim)typeof(Process).GetField("s_processStartLock", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        Thread deaf = new(() =>
        {
            starting.EnterReadLock();
            isDeaf.Set();
            mayHear.Wait();
            starting.ExitReadLock();
        })
        { IsBackground = true };
        TestClock clock = new() { Patience = TimeSpan.FromMilliseconds(1) };
        CoroutineScheduler.Run(
            async () =>
            {
                await using ProcessPool pool = new(1, new ProcessPoolOptions { Command = ["/bin/true"], StartTimeout = Timeout.InfiniteTimeSpan });
                deaf.Start();
                isDeaf.Wait();
                Coroutine<WorkerCrashedException> told = Coroutine.Spawn(
                    () => IoLoop.Throws<WorkerCrashedException>(() => pool.RunAsync(WorkerEntries.Double, 1)));
                // Until it has ended, as the kernel says, and long enough after that.
                while (pool.ProcessIds is not [int process] || !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal))
                    await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
                await Coroutine.Sleep(TimeSpan.FromMinutes(1));
                mayHear.Set();
                Assert.Equal(0, (await told).ExitCode);
            },
            new SchedulerOptions { Clock = clock, KillGrace = Timeout.InfiniteTimeSpan, HandleSignals = false });
        deaf.Join();
    }
}
