using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Snippets.Guide;

/// <summary>The guide's pieces on schedulers of other threads; each region is one fence.</summary>
internal static class Threads
{
    internal static async Task ThreadsAsync(Func<Task> controlMotorAsync)
    {
        #region threads
        SchedulerThread motor = CoroutineScheduler.Start(controlMotorAsync, new SchedulerThreadOptions
        {
            Name = "motor",
            CpuAffinity = [3],
            FifoPriority = 50,      // needs CAP_SYS_NICE, or LimitRTPRIO= in the service's unit
        });
        motor.Scheduler.Post(() => Console.WriteLine("on the other loop"));
        await motor.JoinAsync();    // rethrows what it failed with
        #endregion
    }

    internal static async Task MailboxAsync(Func<double> measure)
    {
        #region mailbox
        Mailbox<double> speeds = new(capacity: 10);
        SchedulerThread other = CoroutineScheduler.Start(async () =>
        {
            await speeds.SendAsync(measure());      // waits while it is full, on its own loop
            speeds.Complete();
        });
        await foreach (double speed in speeds)      // on this one
            Console.WriteLine(speed);
        await other.JoinAsync();
        #endregion
    }

    internal static void RandomOrders()
    {
        #region orders_at_random
        for (int seed = 0; seed < 100; seed++)
        {
            CoroutineScheduler.Run(async () =>
            {
                string? settings = null;
                Coroutine load = Coroutine.Spawn(() => Task.FromResult(settings = "on"));
                Coroutine<int> use = Coroutine.Spawn(() => Task.FromResult(settings!.Length));
                await use;      // fails with about every second seed: nothing says that load runs first
            }, new SchedulerOptions { RandomSeed = seed });
        }
        #endregion
    }
}
