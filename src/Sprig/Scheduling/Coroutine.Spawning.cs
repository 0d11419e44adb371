using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <content>Spawning. The body never runs inline; bodies start in spawn order, on a later tick.</content>
public partial class Coroutine
{
    /// <summary>Spawns a coroutine on the scheduler of this thread.</summary>
    /// <param name="body">Runs on the loop thread, from a later tick on.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    [OverloadResolutionPriority(1)]
    public static Coroutine Spawn(Func<Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Coroutine coroutine = Create(body, options, file, line);
        coroutine.Start();
        return coroutine;
    }

    /// <inheritdoc cref="Spawn(Func{Task}, SpawnOptions?, string, int)"/>
    public static Coroutine Spawn(Func<ValueTask> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Spawn(() => body().AsTask(), options, file, line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="Spawn(Func{Task}, SpawnOptions?, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> Spawn<T>(Func<Task<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Coroutine<T> coroutine = Create(body, options, file, line);
        coroutine.Start();
        return coroutine;
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="Spawn(Func{Task}, SpawnOptions?, string, int)"/>
    public static Coroutine<T> Spawn<T>(Func<ValueTask<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Spawn(() => body().AsTask(), options, file, line);
    }

    /// <summary>Spawns a coroutine whose body starts after a delay. Killed before its time, it never runs.</summary>
    /// <param name="delay">From now.</param>
    /// <param name="body">Runs on the loop thread, when the delay is over.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    [OverloadResolutionPriority(1)]
    public static Coroutine SpawnAfter(TimeSpan delay, Func<Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        long due = DueAfter(delay);
        Coroutine coroutine = Create(body, options, file, line);
        coroutine.StartAt(due);
        return coroutine;
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="SpawnAfter(TimeSpan, Func{Task}, SpawnOptions?, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static Coroutine<T> SpawnAfter<T>(TimeSpan delay, Func<Task<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        long due = DueAfter(delay);
        Coroutine<T> coroutine = Create(body, options, file, line);
        coroutine.StartAt(due);
        return coroutine;
    }

    /// <inheritdoc cref="SpawnAfter(TimeSpan, Func{Task}, SpawnOptions?, string, int)"/>
    public static Coroutine SpawnAfter(TimeSpan delay, Func<ValueTask> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpawnAfter(delay, () => body().AsTask(), options, file, line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="SpawnAfter(TimeSpan, Func{Task}, SpawnOptions?, string, int)"/>
    public static Coroutine<T> SpawnAfter<T>(TimeSpan delay, Func<ValueTask<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpawnAfter(delay, () => body().AsTask(), options, file, line);
    }

    private static long DueAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return MonotonicTime.DueAfter(delay, nameof(delay));
    }

    private static Coroutine Create(Func<Task> body, SpawnOptions? options, string file, int line)
    {
        ArgumentNullException.ThrowIfNull(body);
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        return new Coroutine(scheduler, body, options?.Name, Inherit(scheduler, options), file, line);
    }

    private static Coroutine<T> Create<T>(Func<Task<T>> body, SpawnOptions? options, string file, int line)
    {
        ArgumentNullException.ThrowIfNull(body);
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        return new Coroutine<T>(scheduler, body, options?.Name, Inherit(scheduler, options), file, line);
    }

    private static DaemonRule Inherit(CoroutineScheduler scheduler, SpawnOptions? options)
        => options?.Daemon ?? scheduler.Running?.Daemon ?? DaemonRule.NotDaemon;
}
