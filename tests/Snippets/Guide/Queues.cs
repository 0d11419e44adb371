using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Snippets.Guide;

/// <summary>The guide's pieces on queues; each region is one fence.</summary>
internal static class Queues
{
    internal static async Task QueueAsync(Func<string, Task> workAsync)
    {
        #region queue
        AsyncQueue<string> jobs = new(capacity: 10);            // null or 0: without bound
        Coroutine worker = Coroutine.Spawn(async () =>
        {
            await foreach (string job in jobs)                  // until it is shut down and empty
            {
                await workAsync(job);
                jobs.TaskDone();
            }
        });
        await jobs.PutAsync("first");                           // waits while it is full
        if (!jobs.TryPut("second"))                             // never waits; PutNoWait throws QueueFullException
            await jobs.PutAsync("second", TimeSpan.FromSeconds(1));
        await jobs.JoinAsync();                                 // until each job is done
        jobs.Shutdown();
        await worker;
        #endregion
    }

    internal static async Task OrdersAsync()
    {
        #region orders
        AsyncLifoQueue<string> stack = new();
        AsyncPriorityQueue<string, int> urgent = new(capacity: 100);    // the least first; equal ones as they came
        await urgent.PutAsync("log", priority: 9);
        await urgent.PutAsync("alarm", priority: 0);
        await stack.PutAsync(await urgent.GetAsync());                  // alarm
        #endregion
    }

    internal static async Task RendezvousAsync()
    {
        #region rendezvous
        Rendezvous<string> meeting = new();
        _ = Coroutine.Spawn(async () => await meeting.PutAsync("hello"));   // goes on when it has been taken
        Console.WriteLine(await meeting.GetAsync());
        #endregion
    }

    internal static async Task BroadcastAsync(Func<double, Task> sendAsync)
    {
        #region broadcast
        Broadcast<double> readings = new();
        using BroadcastSubscription<double> mine = readings.Subscribe(capacity: 16, SlowSubscriber.DropOldest);
        await readings.PublishAsync(21.5);                      // to every subscriber; waits for those that ask for it
        await foreach (double celsius in mine)
            await sendAsync(celsius);
        #endregion
    }

    internal static async Task LatestAsync(Action<double> show)
    {
        #region latest
        Latest<double> temperature = new();
        temperature.Set(21.5);                                  // never waits; the newest value wins
        await foreach (double celsius in temperature)           // the present value, then each newer one
            show(celsius);
        #endregion
    }
}
