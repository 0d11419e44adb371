using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <content>Submitting: work that waits for its place itself.</content>
public sealed partial class CoroutinePool
{
    /// <summary>Submits work: it begins when there is a place for it. Never waits.</summary>
    /// <param name="body">Runs on the loop thread, from a later tick on.</param>
    /// <param name="options">Name and daemon rule of its coroutine. Unless given, it is a daemon if the caller is.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down, or belongs to another scheduler; or none runs on this thread.</exception>
    [OverloadResolutionPriority(1)]
    public PoolWork Submit(Func<Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        Open();
        options = Inherit(options);
        return Enqueue(new PlainPoolWork(this, new CompletionSource(Describe(options)), () => Coroutine.Spawn(body, options, file, line)));
    }

    /// <inheritdoc cref="Submit(Func{Task}, SpawnOptions?, string, int)"/>
    public PoolWork Submit(Func<ValueTask> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Submit(() => body().AsTask(), options, file, line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="Submit(Func{Task}, SpawnOptions?, string, int)"/>
    [OverloadResolutionPriority(1)]
    public PoolWork<T> Submit<T>(Func<Task<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        Open();
        options = Inherit(options);
        return Enqueue(new PoolWork<T>(this, new CompletionSource<T>(Describe(options)), () => Coroutine.Spawn(body, options, file, line)));
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="Submit(Func{Task}, SpawnOptions?, string, int)"/>
    public PoolWork<T> Submit<T>(Func<ValueTask<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Submit(() => body().AsTask(), options, file, line);
    }

    /// <summary>Runs one body in the pool, and gives its result: a call that waits for its place. A caller that is killed, or out of
    /// time, takes it along: pending it never runs, running it is killed and its clean-up awaited.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="body">Called inline where the caller runs in this pool already, and has a place.</param>
    /// <param name="options">Its coroutine's name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down, or belongs to another scheduler; or no coroutine runs here.</exception>
    public async Task<T> ApplyAsync<T>(Func<Task<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (_members.Contains(Coroutine.Current))
            return await body();
        PoolWork<T> work = Submit(body, options, file, line);
        await OutliveAsync(work);
        return work.Result;
    }

    /// <inheritdoc cref="ApplyAsync{T}(Func{Task{T}}, SpawnOptions?, string, int)"/>
    public async Task ApplyAsync(Func<Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (_members.Contains(Coroutine.Current))
        {
            await body();
            return;
        }

        PoolWork work = Submit(body, options, file, line);
        await OutliveAsync(work);
        await work;
    }

    /// <summary>It was cancelled: it stands in the line no more.</summary>
    internal void Leave(PoolWork work)
    {
        Enter();
        _line.Remove(work);
    }

    private static async Task OutliveAsync(PoolWork work)
    {
        try
        {
            await work.WaitAsync();
        }
#pragma warning disable CA1031 // It is thrown on, or what the work throws in its clean-up.
        catch (Exception e) when (!work.Cancel())
#pragma warning restore CA1031
        {
            Interruption interruption = new(Coroutine.Current);
            interruption.Hold(e);
            work.Coroutine!.Kill();
            await interruption.OutliveAsync(work.Coroutine, TimeSpan.Zero);
            if (work.Exception is { } error)
                ExceptionDispatchInfo.Throw(error);
            interruption.Throw();
        }
    }

    // Its turn may come in a callback of the loop, where nobody is its parent.
    private static SpawnOptions Inherit(SpawnOptions? options)
        => (options ?? new SpawnOptions()).WithDaemonUnlessSet(Coroutine.CurrentOrNull?.Daemon);

    private string Describe(SpawnOptions options) => options.Name is { } name ? $"work '{name}' in {this}" : $"work in {this}";

    private TWork Enqueue<TWork>(TWork work)
        where TWork : PoolWork
    {
        if (TryTake())
            work.Start();
        else
            _line.AddLast(work);
        return work;
    }
}
