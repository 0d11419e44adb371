using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Runs synchronous code, which would stop the loop, on worker threads of its own: gevent's ThreadPool. Threads are started when
/// they are needed, and end when they have been idle for a while.</summary>
/// <remarks>Any thread; coroutines of several schedulers may share one. Work begins in the order in which it came. A thread runs on
/// the processors of the thread that made it necessary, with an ordinary priority.</remarks>
/// <example><code>
/// string text = await BlockingPool.Default.RunAsync(() => File.ReadAllText(path));
/// </code></example>
public sealed partial class BlockingPool : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan s_defaultIdleTimeout = TimeSpan.FromSeconds(10);
    private readonly Title _title;
    private readonly string _threadName;
    private readonly bool _isShared;

    /// <summary>A pool without threads yet.</summary>
    /// <param name="maxThreads">How many work at once, at least 1.</param>
    /// <param name="idleTimeout">How long a thread waits for more work before it ends; 10 s unless given.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: until the pool is shut down. In real time, whatever the clocks of the schedulers.</param>
    /// <param name="name">For reports and errors, and for the threads; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread, or a negative time.</exception>
    public BlockingPool(
        int maxThreads, TimeSpan? idleTimeout = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : this(maxThreads, idleTimeout ?? s_defaultIdleTimeout, name, isShared: false, file, line)
    {
    }

    private BlockingPool(int maxThreads, TimeSpan idleTimeout, string? name, bool isShared, string file = "", int line = 0)
    {
        _title = new Title(nameof(BlockingPool), name, file, line);
        _title.ThrowIfLessThanOne(maxThreads, nameof(maxThreads));
        if (idleTimeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(idleTimeout, TimeSpan.Zero);
        MaxThreads = maxThreads;
        // Longer than a thread can wait is for ever.
        _idleTimeout = idleTimeout.TotalMilliseconds > int.MaxValue ? Timeout.InfiniteTimeSpan : idleTimeout;
        _threadName = name ?? "blocking";
        _isShared = isShared;
    }

    /// <summary>One for the whole program, of ten threads. It can't be shut down.</summary>
    public static BlockingPool Default { get; } = new(10, s_defaultIdleTimeout, "default", isShared: true);

    /// <summary>How many threads work at once.</summary>
    public int MaxThreads { get; }

    /// <summary>Runs code on a thread of the pool, and goes on when it has ended; waits for a thread while all are at work. The code runs in
    /// the caller's flow, with its AsyncLocals.</summary>
    /// <remarks>A caller that is killed, or out of time, goes on at once. Code that has begun then runs to its end, unseen; an
    /// error of it is reported to the <see cref="SchedulerObserver"/> as a callback's. Code that has not never runs.</remarks>
    /// <param name="work">Synchronous code: it has no scheduler, and may take its time.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread, as a kill would.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down; or no coroutine is running on this thread.</exception>
    public Task RunAsync(
        Action work, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(
            () =>
            {
                work();
                return true;
            },
            cancellationToken,
            file,
            line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>What the code returned.</returns>
    /// <exception cref="ArgumentException">The code is asynchronous.</exception>
    /// <inheritdoc cref="RunAsync(Action, CancellationToken, string, int)"/>
    public Task<T> RunAsync<T>(
        Func<T> work, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfAsynchronous<T>(nameof(work));
        _ = Loop.Of(this);
        return RunAsync(new AwaitedWork<T>(work, $"work for {Coroutine.Current} in {this} (called at {file}:{line})"), cancellationToken);
    }

    /// <summary>"BlockingPool 'name'", or where it was made.</summary>
    public override string ToString() => _title.ToString();

    private async Task<T> RunAsync<T>(AwaitedWork<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A caller that is to be killed begins nothing any more.
        await Coroutine.CheckpointAsync();
        // What the thread has to say comes by a post: waiting for it is no deadlock.
        using IDisposable expectation = CoroutineScheduler.Current.ExpectPosts();
        Enqueue(work);
        try
        {
            await work.Outcome.WaitAsync(cancellationToken);
        }
        catch
        {
            Abandon(work);
            work.OnAbandoned();
            throw;
        }

        return work.Outcome.Result;
    }
}
