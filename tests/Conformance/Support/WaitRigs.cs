using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Conformance.Support;

/// <summary>Every wait of every primitive.</summary>
internal static class WaitRigs
{
    private static readonly Func<WaitRig>[] s_all =
    [
        () => OfLock(new AsyncLock("thing"), "AsyncLock.Acquire"),
        () => OfLock(new AsyncReentrantLock("thing"), "AsyncReentrantLock.Acquire"),
        OfSemaphore,
        () => OfReaderWriter(isWrite: false),
        () => OfReaderWriter(isWrite: true),
        OfManualEvent,
        OfAutoEvent,
        OfCondition,
        OfBarrier,
        () => OfGet(new AsyncQueue<int>(1, "thing"), "AsyncQueue.Get"),
        () => OfGet(new AsyncLifoQueue<int>(1, "thing"), "AsyncLifoQueue.Get"),
        () => OfGet(new Rendezvous<int>("thing"), "Rendezvous.Get"),
        () => OfPut(new AsyncQueue<int>(1, "thing"), "AsyncQueue.Put"),
        () => OfPut(new AsyncLifoQueue<int>(1, "thing"), "AsyncLifoQueue.Put"),
        () => OfPut(new Rendezvous<int>("thing"), "Rendezvous.Put") with { Prepare = () => { }, IsRevocable = false },
        OfPriorityGet,
        OfPriorityPut,
        OfQueueJoin,
        OfSubscription,
        OfPublish,
        OfLatest,
        OfCompletionSource,
        OfWaitQueue,
        OfJoin,
    ];

    internal static IEnumerable<WaitRig> All => s_all.Select(make => make());

    internal static WaitRig Find(string name) => s_all.Select(make => make()).Single(rig => rig.Name == name);

    private static WaitRig OfLock(OwnedLock it, string name) => new(name)
    {
        Prepare = () => it.TryAcquire(),
        Wait = async token =>
        {
            using (await it.AcquireAsync(token))
            {
            }
        },
        Timed = async timeout =>
        {
            bool has = await it.TryAcquireAsync(timeout);
            if (has)
                it.Release();
            return has;
        },
        Grant = it.Release,
        Waiters = () => it.Statistics.Waiters,
        IsOwned = true,
    };

    private static WaitRig OfSemaphore()
    {
        AsyncSemaphore it = new(0, maxCount: 1, "thing");
        return new("AsyncSemaphore.Acquire")
        {
            Wait = async token => await it.AcquireAsync(token),
            Timed = async timeout => await it.TryAcquireAsync(timeout),
            Grant = () => it.Release(),
            Waiters = () => it.Statistics.Waiters,
        };
    }

    private static WaitRig OfReaderWriter(bool isWrite)
    {
        AsyncReaderWriterLock it = new("thing");
        return new(isWrite ? "AsyncReaderWriterLock.AcquireWrite" : "AsyncReaderWriterLock.AcquireRead")
        {
            Prepare = () => it.TryAcquireWrite(),
            Wait = async token =>
            {
                using (await (isWrite ? it.AcquireWriteAsync(token) : it.AcquireReadAsync(token)))
                {
                }
            },
            Timed = async timeout =>
            {
                if (!await (isWrite ? it.TryAcquireWriteAsync(timeout) : it.TryAcquireReadAsync(timeout)))
                    return false;
                (isWrite ? (Action)it.ReleaseWrite : it.ReleaseRead)();
                return true;
            },
            Grant = it.ReleaseWrite,
            Waiters = () => it.Statistics.Waiters,
            IsOwned = true,
        };
    }

    private static WaitRig OfManualEvent()
    {
        AsyncManualResetEvent it = new(name: "thing");
        return new("AsyncManualResetEvent.Wait")
        {
            Wait = async token => await it.WaitAsync(token),
            Timed = async timeout => await it.WaitAsync(timeout),
            Grant = it.Set,
            Waiters = () => it.Statistics.Waiters,
        };
    }

    private static WaitRig OfAutoEvent()
    {
        AsyncAutoResetEvent it = new(name: "thing");
        return new("AsyncAutoResetEvent.Wait")
        {
            Wait = async token => await it.WaitAsync(token),
            Timed = async timeout => await it.WaitAsync(timeout),
            Grant = it.Set,
            Waiters = () => it.Statistics.Waiters,
        };
    }

    private static WaitRig OfCondition()
    {
        AsyncCondition it = new(name: "thing");
        return new("AsyncCondition.Wait")
        {
            Wait = async token =>
            {
                using (await it.Lock.AcquireAsync(CancellationToken.None))
                    await it.WaitAsync(token);
            },
            Timed = async timeout =>
            {
                using (await it.Lock.AcquireAsync())
                    return await it.WaitAsync(timeout);
            },
            Grant = () =>
            {
                it.Lock.TryAcquire();
                it.Notify();
                it.Lock.Release();
            },
            Waiters = () => it.Statistics.Waiters,
            IsOwned = true,
        };
    }

    private static WaitRig OfBarrier()
    {
        AsyncBarrier it = new(4, "thing");
        return new("AsyncBarrier.SignalAndWait")
        {
            Wait = async token => await it.SignalAndWaitAsync(token),
            Grant = () =>
            {
                // As many flows of main as are missing.
                for (int missing = it.ParticipantsRemaining; missing > 0; missing--)
                    _ = it.SignalAndWaitAsync().AsTask();
            },
            Waiters = () => it.Statistics.Waiters,
        };
    }

    private static WaitRig OfGet(ItemQueue<int> it, string name) => new(name)
    {
        Wait = async token => await it.GetAsync(token),
        Timed = timeout => InTime<QueueEmptyException>(async () => await it.GetAsync(timeout)),
        Grant = () => it.TryPut(1),
        Waiters = () => it.GetStatistics.Waiters,
    };

    private static WaitRig OfPut(ItemQueue<int> it, string name) => new(name)
    {
        Prepare = () => it.TryPut(0),
        Wait = async token => await it.PutAsync(1, token),
        Timed = timeout => InTime<QueueFullException>(async () => await it.PutAsync(1, timeout)),
        Grant = () => it.TryGet(out _),
        Waiters = () => it.PutStatistics.Waiters,
    };

    private static WaitRig OfPriorityGet()
    {
        AsyncPriorityQueue<int, int> it = new(1, name: "thing");
        return new("AsyncPriorityQueue.Get")
        {
            Wait = async token => await it.GetAsync(token),
            Timed = timeout => InTime<QueueEmptyException>(async () => await it.GetAsync(timeout)),
            Grant = () => it.TryPut(1, 1),
            Waiters = () => it.GetStatistics.Waiters,
        };
    }

    private static WaitRig OfPriorityPut()
    {
        AsyncPriorityQueue<int, int> it = new(1, name: "thing");
        return new("AsyncPriorityQueue.Put")
        {
            Prepare = () => it.TryPut(0, 0),
            Wait = async token => await it.PutAsync(1, 1, token),
            Timed = timeout => InTime<QueueFullException>(async () => await it.PutAsync(1, 1, timeout)),
            Grant = () => it.TryGet(out _),
            Waiters = () => it.PutStatistics.Waiters,
        };
    }

    private static WaitRig OfQueueJoin()
    {
        AsyncQueue<int> it = new(name: "thing");
        WaitCount count = new();
        return new("AsyncQueue.Join")
        {
            Prepare = () => it.TryPut(1),
            Wait = token => count.During(async () => await it.JoinAsync(token)),
            Timed = async timeout => await it.JoinAsync(timeout),
            Grant = it.TaskDone,
            Waiters = () => count.Now,
        };
    }

    private static WaitRig OfSubscription()
    {
        Broadcast<int> source = new("thing");
        BroadcastSubscription<int> it = source.Subscribe(1);
        WaitCount count = new();
        return new("BroadcastSubscription.Get")
        {
            Wait = token => count.During(async () => await it.GetAsync(token)),
            Grant = () => source.TryPublish(1),
            Waiters = () => count.Now,
        };
    }

    private static WaitRig OfPublish()
    {
        Broadcast<int> it = new("thing");
        BroadcastSubscription<int> slow = it.Subscribe(1);
        return new("Broadcast.Publish")
        {
            Prepare = () => it.TryPublish(0),
            Wait = async token => await it.PublishAsync(1, token),
            Grant = () => slow.TryGet(out _),
            Waiters = () => it.Statistics.Waiters,
            IsRevocable = false,
        };
    }

    private static WaitRig OfLatest()
    {
        Latest<int> it = new("thing");
        return new("Latest.Get")
        {
            Wait = async token => await it.GetAsync(token),
            Grant = () => it.Set(1),
            Waiters = () => it.Statistics.Waiters,
        };
    }

    private static WaitRig OfCompletionSource()
    {
        CompletionSource<int> it = new("thing");
        WaitCount count = new();
        return new("CompletionSource.Wait")
        {
            Wait = token => count.During(async () => await it.WaitAsync(token)),
            Timed = async timeout => await it.WaitAsync(timeout),
            Grant = () => it.TrySetResult(1),
            Waiters = () => count.Now,
        };
    }

    private static WaitRig OfWaitQueue()
    {
        WaitQueue it = new("thing");
        return new("WaitQueue.Wait")
        {
            Wait = async token => await it.WaitAsync(token),
            Timed = async timeout => await it.WaitAsync(timeout),
            Grant = () => it.WakeOne(),
            Waiters = () => it.Count,
        };
    }

    private static WaitRig OfJoin()
    {
        Coroutine? it = null;
        WaitCount count = new();
        return new("Coroutine.Join")
        {
            Prepare = () => it = Coroutine.SpawnAfter(TimeSpan.FromDays(1), () => Task.CompletedTask),
            Wait = _ => count.During(async () => await it!.JoinAsync()),
            Timed = async timeout => await it!.JoinAsync(timeout),
            // It has not begun: the kill ends it at once.
            Grant = () => it!.Kill(),
            Waiters = () => count.Now,
            HasToken = false,
        };
    }

    private static async Task<bool> InTime<TLate>(Func<Task> wait)
        where TLate : Exception
    {
        try
        {
            await wait();
            return true;
        }
        catch (TLate)
        {
            return false;
        }
    }

    /// <summary>For what does not tell how many wait for it.</summary>
    private sealed class WaitCount
    {
        internal int Now { get; private set; }

        internal async Task During(Func<Task> wait)
        {
            Now++;
            try
            {
                await wait();
            }
            finally
            {
                Now--;
            }
        }
    }
}
