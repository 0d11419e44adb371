using System.Runtime.CompilerServices;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <content>Spawning, which waits while it is full.</content>
public sealed partial class CoroutinePool
{
    /// <summary>Spawns a coroutine in the pool; while that is full, waits for a place.</summary>
    /// <param name="body">Runs on the loop thread, from a later tick on.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread; nothing was spawned.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="CoroutineKilledException">The caller was killed while it waited; nothing was spawned.</exception>
    /// <exception cref="DeadlineExceededException">A <see cref="Deadline"/> around the wait has passed; nothing was spawned.</exception>
    /// <exception cref="InvalidOperationException">The pool is shut down, or was while this waited and pending ones were to be
    /// cancelled; or it belongs to another scheduler.</exception>
    [OverloadResolutionPriority(1)]
    public async ValueTask<Coroutine> SpawnAsync(
        Func<Task> body, SpawnOptions? options = null, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        await TakeAsync(cancellationToken);
        return Begin(Coroutine.Spawn(body, options, file, line));
    }

    /// <inheritdoc cref="SpawnAsync(Func{Task}, SpawnOptions?, CancellationToken, string, int)"/>
    public ValueTask<Coroutine> SpawnAsync(
        Func<ValueTask> body, SpawnOptions? options = null, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpawnAsync(() => body().AsTask(), options, cancellationToken, file, line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="SpawnAsync(Func{Task}, SpawnOptions?, CancellationToken, string, int)"/>
    [OverloadResolutionPriority(1)]
    public async ValueTask<Coroutine<T>> SpawnAsync<T>(
        Func<Task<T>> body, SpawnOptions? options = null, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        await TakeAsync(cancellationToken);
        return Begin(Coroutine.Spawn(body, options, file, line));
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="SpawnAsync(Func{Task}, SpawnOptions?, CancellationToken, string, int)"/>
    public ValueTask<Coroutine<T>> SpawnAsync<T>(
        Func<ValueTask<T>> body, SpawnOptions? options = null, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpawnAsync(() => body().AsTask(), options, cancellationToken, file, line);
    }

    /// <summary>Spawns a coroutine if the pool has a place for it; null where it is full. Never waits.</summary>
    /// <param name="body">Runs on the loop thread, from a later tick on.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down, or belongs to another scheduler; or none runs on this thread.</exception>
    public Coroutine? TrySpawn(Func<Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        Open();
        return TryTake() ? Begin(Coroutine.Spawn(body, options, file, line)) : null;
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="TrySpawn(Func{Task}, SpawnOptions?, string, int)"/>
    public Coroutine<T>? TrySpawn<T>(Func<Task<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        Open();
        return TryTake() ? Begin(Coroutine.Spawn(body, options, file, line)) : null;
    }

    /// <summary>One that has a place begins.</summary>
    internal TCoroutine Begin<TCoroutine>(TCoroutine coroutine)
        where TCoroutine : Coroutine
    {
        _members.Add(coroutine);
        return coroutine;
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        Open();
        cancellationToken.ThrowIfCancellationRequested();
        // A caller that is to be killed spawns nothing any more.
        await Coroutine.CheckpointAsync();
        // It may have been shut down during that turn.
        Open();
        if (!TryTake())
            await WaitForPlaceAsync(cancellationToken);
    }

    private async ValueTask WaitForPlaceAsync(CancellationToken cancellationToken)
    {
        Place place = new(this);
        LinkedListNode<IPoolTurn> node = _line.AddLast(place);
        try
        {
            await place.IsMine.WaitAsync(cancellationToken);
        }
        catch
        {
            // It passes on what it was granted.
            if (!place.IsMine.IsCompleted)
                _line.Remove(node);
            else if (place.IsMine.Result)
                GiveBack();
            throw;
        }

        if (!place.IsMine.Result)
            throw new InvalidOperationException($"{this} was shut down before there was a place: nothing was spawned.");
    }

    private sealed class Place(CoroutinePool pool) : IPoolTurn
    {
        /// <summary>True: the place is taken for it; false: it will never be.</summary>
        internal CompletionSource<bool> IsMine { get; } = new($"a place in {pool}");

        public void OnTurn() => IsMine.SetResult(true);

        public void OnDropped() => IsMine.SetResult(false);
    }
}
