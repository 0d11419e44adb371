using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Snippets.Guide;

/// <summary>The guide's pieces on locks and events; each region is one fence.</summary>
internal static class Locks
{
    internal static async Task LockAsync(Func<decimal, Task<decimal>> interestOfAsync)
    {
        decimal balance = 100;
        #region mutex
        AsyncLock account = new("account");
        using (await account.AcquireAsync())                    // an await stands between reading and writing
            balance += await interestOfAsync(balance);

        if (account.TryAcquire())                               // never waits
            account.Release();
        if (await account.TryAcquireAsync(TimeSpan.FromSeconds(1)))
            account.Release();
        Console.WriteLine(account.Statistics);                  // Owner, Waiters, Contentions
        #endregion
        Console.WriteLine(balance);
    }

    internal static async Task ReentrantAsync()
    {
        #region reentrant
        AsyncReentrantLock table = new();
        using (await table.AcquireAsync())
        using (await table.AcquireAsync())                      // the owner may; an AsyncLock would throw a DeadlockException
            Console.WriteLine(table.Depth);                     // 2
        #endregion
    }

    internal static async Task SemaphoreAsync(Func<Task> downloadAsync)
    {
        #region semaphore
        AsyncSemaphore lines = new(initialCount: 3, maxCount: 3);
        using (await lines.AcquireAsync())                      // three at once
            await downloadAsync();
        #endregion
    }

    internal static async Task ReadersAsync(Dictionary<string, string> settings, Func<Task<string>> fetchAsync)
    {
        #region readers
        AsyncReaderWriterLock guard = new();
        using (await guard.AcquireReadAsync())                  // many readers, or
            Console.WriteLine(settings["name"]);
        using (await guard.AcquireWriteAsync())                 // one writer
            settings["name"] = await fetchAsync();
        #endregion
    }

    internal static async Task EventsAsync()
    {
        #region events
        AsyncManualResetEvent calibrated = new();               // a gate: Set lets all through until Reset
        AsyncAutoResetEvent pressed = new();                    // a signal: Set lets one through
        calibrated.Set();
        pressed.Set();
        await calibrated.WaitAsync();
        bool inTime = await pressed.WaitAsync(TimeSpan.FromSeconds(1));
        #endregion
        Console.WriteLine(inTime);
    }

    internal static async Task ConditionAsync()
    {
        int stock = 0;
        #region condition
        AsyncCondition changed = new();
        _ = Coroutine.Spawn(async () =>
        {
            using (await changed.Lock.AcquireAsync())
            {
                stock++;
                changed.NotifyAll();
            }
        });
        using (await changed.Lock.AcquireAsync())
            await changed.WaitUntilAsync(() => stock > 0);      // the lock is free while it waits
        #endregion
    }

    internal static async Task BarrierAsync(Func<Task> measureAsync)
    {
        #region barrier
        AsyncBarrier round = new(participantCount: 3);
        for (int i = 0; i < 3; i++)
        {
            _ = Coroutine.Spawn(async () =>
            {
                await measureAsync();
                int place = await round.SignalAndWaitAsync();   // goes on when all three have come
                Console.WriteLine($"{place} of {round.ParticipantCount}");
            });
        }
        #endregion
        await Coroutine.Yield();
    }
}
