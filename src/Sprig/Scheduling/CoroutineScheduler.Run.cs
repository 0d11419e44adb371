using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Sprig.Linux;

namespace Sprig.Scheduling;

/// <content>One run, from main's spawn to its result, and what belongs to it.</content>
public sealed partial class CoroutineScheduler
{
    [ThreadStatic]
    private static CoroutineScheduler? t_current;

    private readonly LoopContext _context;
    private readonly DeadlockWatch _deadlocks;
    private readonly VirtualClock? _clock;
    private readonly Random? _random;
    private int _expectedPosts;

    private CoroutineScheduler(SchedulerOptions options)
    {
        Options = options;
        _clock = options.Clock;
        _random = options.RandomSeed is { } seed ? new Random(seed) : null;
        Inbox = new Inbox(() => _reactor?.Wake());
        Failures = new FailureLog(this);
        Lifetime = new RunLifetime(this);
        _deadlocks = new DeadlockWatch(this);
        _context = new LoopContext(this);
    }

    /// <summary>The scheduler that runs on this thread.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static CoroutineScheduler Current => t_current ?? throw NoScheduler();

    /// <summary>The scheduler that runs on this thread; null where none does.</summary>
    public static CoroutineScheduler? CurrentOrNull => t_current;

    /// <summary>The clock that this run goes by, as a TimeProvider: the virtual one, or the system's.</summary>
    public TimeProvider TimeProvider => (TimeProvider?)_clock ?? TimeProvider.System;

    internal bool HandlesSignals => _clock is null && Options.HandleSignals;

    internal SchedulerOptions Options { get; }

    internal FailureLog Failures { get; }

    internal RunLifetime Lifetime { get; }

    /// <summary>The flow in which the run was started, and its bodies start unless they were spawned in another; null where
    /// that is suppressed.</summary>
    internal ExecutionContext? Flow { get; } = ExecutionContext.Capture();

    internal bool IsOnLoopThread => t_current == this;

    /// <summary>Whether the run is over, and nothing will run on it any more. Any thread.</summary>
    internal bool HasEnded => Inbox.IsClosed;

    /// <summary>Runs <paramref name="main"/> as a coroutine on the calling thread, with all that it spawns, until main and
    /// every coroutine that is no daemon have ended; then ends the daemons.</summary>
    /// <param name="main">The body of the coroutine named "main".</param>
    /// <param name="options">Clock, grace time, signals, observer.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="AggregateException">Coroutines have failed and nobody has looked; main's own error comes first.</exception>
    /// <exception cref="CoroutineKilledException">Main was killed: by a signal (see its Signal), or by a coroutine.</exception>
    /// <exception cref="DeadlockException">Nothing could ever go on.</exception>
    /// <exception cref="InvalidOperationException">A scheduler runs on this thread already.</exception>
    [OverloadResolutionPriority(1)]
    public static void Run(Func<Task> main, SchedulerOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(main);
        RunToEnd(options, scheduler => new Coroutine(scheduler, main, "main", DaemonRule.NotDaemon, file, line)).ThrowIfNotCompleted();
    }

    /// <typeparam name="T">The type of main's result.</typeparam>
    /// <returns>What main returned.</returns>
    /// <inheritdoc cref="Run(Func{Task}, SchedulerOptions?, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static T Run<T>(Func<Task<T>> main, SchedulerOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(main);
        return RunToEnd(options, scheduler => new Coroutine<T>(scheduler, main, "main", DaemonRule.NotDaemon, file, line)).Result;
    }

    /// <inheritdoc cref="Run(Func{Task}, SchedulerOptions?, string, int)"/>
    public static void Run(Func<ValueTask> main, SchedulerOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(main);
        Run(() => main().AsTask(), options, file, line);
    }

    /// <typeparam name="T">The type of main's result.</typeparam>
    /// <returns>What main returned.</returns>
    /// <inheritdoc cref="Run(Func{Task}, SchedulerOptions?, string, int)"/>
    public static T Run<T>(Func<ValueTask<T>> main, SchedulerOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(() => main().AsTask(), options, file, line);
    }

    /// <summary>Runs a callback on the loop, soon. Any thread; this is how other threads reach it.</summary>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void Post(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (!Inbox.Post(null, callback, null))
            throw new InvalidOperationException("The scheduler's run has ended; nothing can be posted to it any more.");
    }

    /// <summary>Says that another thread will <see cref="Post"/>, so that waiting for it is no deadlock, until disposed.</summary>
    public IDisposable ExpectPosts() => new PostExpectation(this);

    private static TMain RunToEnd<TMain>(SchedulerOptions? options, Func<CoroutineScheduler, TMain> createMain)
        where TMain : Coroutine
    {
        if (t_current is not null)
            throw new InvalidOperationException("A scheduler runs on this thread already: spawn a coroutine in it instead of running another.");
        SynchronizationContext? outer = SynchronizationContext.Current;
        long outerSlack = Syscall.TimerSlack;
        CoroutineScheduler scheduler = new(options ?? new SchedulerOptions());
        t_current = scheduler;
        try
        {
            // 1 ns: by default the kernel may wake a sleeper 50 us late, to save power.
            Syscall.TimerSlack = 1;
            using TerminationSignals? signals = scheduler.HandlesSignals ? new(scheduler) : null;
            TMain main = createMain(scheduler);
            scheduler.RunLoop(main);
            scheduler.ThrowUnobserved(main);
            return main;
        }
        finally
        {
            scheduler.AtEnd?.Invoke(scheduler);
            scheduler.Inbox.Close();
            scheduler._reactor?.Dispose();
            Syscall.TimerSlack = outerSlack;
            t_current = null;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void RunLoop(Coroutine main)
    {
        Lifetime.Main = main;
        TickTime = _lastPoll = Now;
        main.Start();
        while (!Lifetime.HasEnded)
            RunOnce();
    }

    private void ThrowUnobserved(Coroutine main)
    {
        List<Exception> failures = Failures.TakeUnobserved();
        if (Lifetime.LateDeadlock is { } deadlock)
            failures.Insert(0, deadlock);
        if (failures.Count == 0)
            return;
        try
        {
            main.ThrowIfNotCompleted();
        }
#pragma warning disable CA1031 // Main's error, whatever it is, goes first.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failures.Insert(0, e);
        }

        if (failures is [DeadlockException only])
            ExceptionDispatchInfo.Throw(only);
        throw new AggregateException("Coroutines have failed and nobody has looked at it.", failures);
    }

    private static InvalidOperationException NoScheduler()
        => new($"No scheduler runs on thread {Environment.CurrentManagedThreadId}. Start one with CoroutineScheduler.Run; from other threads use its Post; "
            + "after ConfigureAwait(false) on a foreign task a coroutine may have left its thread.");

    private sealed class PostExpectation : IDisposable
    {
        private CoroutineScheduler? _scheduler;

        internal PostExpectation(CoroutineScheduler scheduler)
        {
            _scheduler = scheduler;
            Interlocked.Increment(ref scheduler._expectedPosts);
        }

        public void Dispose()
        {
            // The loop may sleep for ever on the strength of this: let it look again.
            if (Interlocked.Exchange(ref _scheduler, null) is not { } scheduler)
                return;
            Interlocked.Decrement(ref scheduler._expectedPosts);
            scheduler.Inbox.Post(null, (Action)(() => { }), null);
        }
    }
}
