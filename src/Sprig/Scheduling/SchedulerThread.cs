using System.Runtime.ExceptionServices;
using Sprig.Linux;

namespace Sprig.Scheduling;

/// <summary>A scheduler on a thread of its own, as <see cref="CoroutineScheduler.Start"/> gives it. All members may be used on any
/// thread.</summary>
/// <remarks>The process does not end before it has. Its failure is for whoever joins it; when nobody does, it is reported once,
/// when the handle was collected as garbage or the process ends.</remarks>
public sealed partial class SchedulerThread
{
    private static int s_count;

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _begun = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly SchedulerThreadOptions _options;
    private readonly Func<Task> _main;
    private readonly (string File, int Line) _site;
    private CoroutineScheduler? _scheduler;
    private ExceptionDispatchInfo? _error;

    internal SchedulerThread(Func<Task> main, SchedulerThreadOptions options, string file, int line)
    {
        _main = main;
        _options = options;
        _site = (file, line);
        Name = options.Name ?? $"scheduler-{Interlocked.Increment(ref s_count)}";
        _thread = new Thread(RunThread) { Name = Name };
    }

    /// <summary>The thread's name.</summary>
    public string Name { get; }

    /// <summary>File and line of the call that started it.</summary>
    public string StartedAt => $"{_site.File}:{_site.Line}";

    /// <summary>Its scheduler: post to it.</summary>
    public CoroutineScheduler Scheduler => _scheduler!;

    /// <summary>Whether its run has not ended.</summary>
    public bool IsAlive => !_ended.Task.IsCompleted;

    /// <summary>Ends the run as SIGTERM does: its main is killed, and when that has ended, so is everything else. Returns at
    /// once; a second kill changes nothing. Joining it then throws <see cref="CoroutineKilledException"/>, unless main was done.</summary>
    /// <param name="grace">How long the clean-up of each coroutine may take; the run's <see cref="SchedulerOptions.KillGrace"/>
    /// unless given.</param>
    public void Kill(TimeSpan? grace = null)
    {
        if (grace is { } given && given != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
        // When the run has ended it is dropped.
        Scheduler.Inbox.Post(null, (Action)(() => Scheduler.Lifetime.Stop(grace)), null);
    }

    /// <summary>"scheduler thread 'name'", for reports.</summary>
    public override string ToString() => $"scheduler thread '{Name}'";

    /// <summary>Returns when the scheduler is there; throws what kept it from it, and then the thread is gone.</summary>
    internal void Start()
    {
        _thread.Start();
        _begun.Wait();
        if (_scheduler is not null)
            return;
        _thread.Join();
        _error!.Throw();
    }

    private void RunThread()
    {
        try
        {
            if (_options.CpuAffinity is { } processors)
                ThreadPlacement.Bind(processors);
            if (_options.FifoPriority is { } priority)
                ThreadPlacement.MakeFifo(priority);
            CoroutineScheduler.Run(_main, _options.Scheduler, Name, _site, OnBegun);
        }
#pragma warning disable CA1031 // Whatever it is belongs to who started or joins it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }

        OnEnded();
    }

    private void OnBegun(CoroutineScheduler scheduler)
    {
        _scheduler = scheduler;
        _begun.Set();
    }

    private void OnEnded()
    {
        // Not begun: Start throws it.
        if (_scheduler is null)
        {
            _begun.Set();
            return;
        }

        // A kill is no failure.
        if (_error is { SourceException: not CoroutineKilledException and var failure })
            KeepFailure(failure);
        _ended.SetResult();
        WakeJoiners();
    }
}
