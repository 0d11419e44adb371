using Sprig.Scheduling;
using Sprig.Testing;

namespace Sprig.Devices.Tests.Buses;

/// <summary>Runs in virtual time, with patience for the threads of lanes: a busy machine may take its time to run them.</summary>
internal static class BusRun
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal static void Run(Func<Task> main) => Run(main, Patience);

    /// <summary>With little patience, where time is to pass while a lane is blocked.</summary>
    internal static void RunImpatiently(Func<Task> main) => Run(main, TimeSpan.FromMilliseconds(10));

    private static void Run(Func<Task> main, TimeSpan patience)
        => CoroutineScheduler.Run(main, new SchedulerOptions { Clock = new TestClock { Patience = patience }, ErrorOutput = TextWriter.Null });
}
