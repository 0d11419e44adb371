using Sprig.Scheduling;

namespace Sprig.Devices.Drivers;

/// <summary>The one loop that serves a driver's edges: the run in which they are first needed, else that in which the driver was
/// made, else a thread of the driver's own. All members are called under the driver's gate, but <see cref="End"/>.</summary>
internal sealed class EdgeLoop(SchedulerObserver? observer)
{
    private CoroutineScheduler? _madeIn = CoroutineScheduler.CurrentOrNull;
    private CoroutineScheduler? _serves;
    private SchedulerThread? _own;
    private bool _hasEnded;

    /// <summary>For people.</summary>
    internal string Description => _serves is null ? "nobody" : _own?.Scheduler == _serves ? $"the thread {_own.Name}" : "the run of the program";

    /// <summary>Whether this is the loop's thread, or whose thread may serve when there is none yet.</summary>
    internal bool IsServedBy(CoroutineScheduler scheduler) => _serves == scheduler;

    /// <summary>Makes sure that a loop takes the request's edges.</summary>
    /// <param name="request">What has edges that are wanted.</param>
    /// <param name="notIn">A run that is ending.</param>
    internal void Serve(PinRequest request, CoroutineScheduler? notIn = null)
    {
        if (request.IsPumped || _hasEnded)
            return;
        CoroutineScheduler serves = _serves ??= Choose(notIn);
        if (serves == CoroutineScheduler.CurrentOrNull)
            request.StartPump();
        else
            PostStart(request, serves);
    }

    internal void OnRunEnded(CoroutineScheduler run)
    {
        if (_serves == run)
            _serves = null;
        if (_madeIn == run)
            _madeIn = null;
    }

    /// <summary>The driver is disposed: ends the thread, if there is one, and waits for that where it may. Without the gate.</summary>
    internal void End()
    {
        _hasEnded = true;
        if (_own is not { } own)
            return;
        own.Kill();
        // A handler on that very thread, or a coroutine: it ends when they let it.
        if (CoroutineScheduler.CurrentOrNull is not null)
            return;
        try
        {
            own.Join();
        }
        catch (CoroutineKilledException)
        {
            // As it was told.
        }
    }

    // Where its run ends before that, or has ended, and nobody told since nothing was served there: another serves.
    private static void PostStart(PinRequest request, CoroutineScheduler serves)
        => serves.PostOrDrop(request.StartPump, () => request.OnNotStarted(serves));

    private static async Task OwnMainAsync()
    {
        // A program that forgets to dispose ends all the same, as with other drivers.
        Thread.CurrentThread.IsBackground = true;
        await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
    }

    private CoroutineScheduler Choose(CoroutineScheduler? notIn)
    {
        if (CoroutineScheduler.CurrentOrNull is { } here && here != notIn)
            return here;
        if (_madeIn is not null && _madeIn != notIn)
            return _madeIn;
        _own ??= CoroutineScheduler.Start(OwnMainAsync, new SchedulerThreadOptions
        {
            Name = "sprig-gpio",
            Scheduler = new SchedulerOptions { HandleSignals = false, Observer = observer },
        });
        return _own.Scheduler;
    }
}
