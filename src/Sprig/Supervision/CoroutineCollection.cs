using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Coroutines that belong together: what <see cref="CoroutineGroup"/> and <see cref="CoroutineScope"/> have in common.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class CoroutineCollection
{
    private protected CoroutineCollection() => Members = new Members(this, OnLeft);

    /// <summary>How many belong to it now. Each leaves when it ends.</summary>
    public int Count => Members.Count;

    /// <summary>All that belong to it now, in the order in which they came. A snapshot.</summary>
    public IReadOnlyList<Coroutine> Coroutines => Members.Snapshot();

    internal Members Members { get; }

    /// <summary>Whether a coroutine belongs to it.</summary>
    public bool Contains(Coroutine coroutine)
    {
        ArgumentNullException.ThrowIfNull(coroutine);
        return Members.Contains(coroutine);
    }

    /// <summary>Spawns a coroutine that belongs to it.</summary>
    /// <param name="body">Runs on the loop thread, from a later tick on.</param>
    /// <param name="options">Its name and daemon rule.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">It is a scope that is closed; it belongs to another scheduler; none runs here.</exception>
    [OverloadResolutionPriority(1)]
    public Coroutine Spawn(Func<Task> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Open();
        Coroutine coroutine = Coroutine.Spawn(body, options, file, line);
        Adopt(coroutine);
        return coroutine;
    }

    /// <inheritdoc cref="Spawn(Func{Task}, SpawnOptions?, string, int)"/>
    public Coroutine Spawn(Func<ValueTask> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Spawn(() => body().AsTask(), options, file, line);
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="Spawn(Func{Task}, SpawnOptions?, string, int)"/>
    [OverloadResolutionPriority(1)]
    public Coroutine<T> Spawn<T>(Func<Task<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Open();
        Coroutine<T> coroutine = Coroutine.Spawn(body, options, file, line);
        Adopt(coroutine);
        return coroutine;
    }

    /// <typeparam name="T">The result's type.</typeparam>
    /// <inheritdoc cref="Spawn(Func{Task}, SpawnOptions?, string, int)"/>
    public Coroutine<T> Spawn<T>(Func<ValueTask<T>> body, SpawnOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Spawn(() => body().AsTask(), options, file, line);
    }

    /// <summary>Throws where nobody may come in.</summary>
    private protected virtual void Open() => Members.Enter();

    private protected virtual void Adopt(Coroutine coroutine) => Members.Add(coroutine);

    /// <summary>One of them has ended.</summary>
    private protected virtual void OnLeft(Coroutine coroutine)
    {
    }
}
