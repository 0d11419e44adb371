using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <summary>The one thread that raises the events of ports where no scheduler runs, as in a program written for System.IO.Ports. It is
/// made when the first of them has a handler, and sleeps while nothing comes.</summary>
internal static class SerialThread
{
    private static readonly Lock s_gate = new();
    private static SchedulerThread? s_thread;

    internal static CoroutineScheduler Scheduler
    {
        get
        {
            lock (s_gate)
            {
                if (s_thread is not { IsAlive: true })
                {
                    s_thread = CoroutineScheduler.Start(MainAsync, new SchedulerThreadOptions
                    {
                        Name = "sprig-serial",
                        Scheduler = new SchedulerOptions { HandleSignals = false },
                    });
                }

                return s_thread.Scheduler;
            }
        }
    }

    private static async Task MainAsync()
    {
        // A program that forgets to close its ports ends all the same.
        Thread.CurrentThread.IsBackground = true;
        await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
    }
}
