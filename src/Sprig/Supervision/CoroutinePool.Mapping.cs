using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <content>Mapping a source through the pool.</content>
public sealed partial class CoroutinePool
{
    /// <summary>Runs <paramref name="body"/> for each item in the pool and gives the results in the order of the items: <c>await foreach</c>.
    /// The source is read as far ahead as the window allows, so it may be endless; it is read in a coroutine of its own.</summary>
    /// <remarks>An error comes in its item's place. With an enumerator in hand one may go on behind it: the next MoveNextAsync gives
    /// the next item's result. When the enumeration is left early, what still runs is killed and its clean-up awaited, what is pending is
    /// cancelled, and the pool may be used on; failures that were not handed out are told as any that nobody has looked at. A kill or a deadline of the reader loses no result: the next MoveNextAsync gives it.</remarks>
    /// <typeparam name="TSource">The items' type.</typeparam>
    /// <typeparam name="TResult">The results' type.</typeparam>
    /// <param name="source">Read once for each enumeration.</param>
    /// <param name="body">Runs in the pool.</param>
    /// <param name="window">How many items may be on their way between source and reader; twice the pool's size unless given.</param>
    /// <param name="options">Name and daemon rule of each item's coroutine. Unless given, it is a daemon if the reader is.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The pool is shut down, or belongs to another scheduler.</exception>
    public IAsyncEnumerable<TResult> Map<TSource, TResult>(
        IEnumerable<TSource> source, Func<TSource, Task<TResult>> body, int? window = null, SpawnOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Mapping(Lift(source), body, window, options, isOrdered: true, file, line);

    /// <inheritdoc cref="Map{TSource, TResult}(IEnumerable{TSource}, Func{TSource, Task{TResult}}, int?, SpawnOptions?, string, int)"/>
    public IAsyncEnumerable<TResult> Map<TSource, TResult>(
        IAsyncEnumerable<TSource> source, Func<TSource, Task<TResult>> body, int? window = null, SpawnOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Mapping(source, body, window, options, isOrdered: true, file, line);

    /// <summary>Runs <paramref name="body"/> for each item in the pool and gives the results as they come: <c>await foreach</c>. The source
    /// is read as far ahead as the window allows, so it may be endless; it is read in a coroutine of its own.</summary>
    /// <inheritdoc cref="Map{TSource, TResult}(IEnumerable{TSource}, Func{TSource, Task{TResult}}, int?, SpawnOptions?, string, int)"/>
    public IAsyncEnumerable<TResult> MapEach<TSource, TResult>(
        IEnumerable<TSource> source, Func<TSource, Task<TResult>> body, int? window = null, SpawnOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Mapping(Lift(source), body, window, options, isOrdered: false, file, line);

    /// <inheritdoc cref="MapEach{TSource, TResult}(IEnumerable{TSource}, Func{TSource, Task{TResult}}, int?, SpawnOptions?, string, int)"/>
    public IAsyncEnumerable<TResult> MapEach<TSource, TResult>(
        IAsyncEnumerable<TSource> source, Func<TSource, Task<TResult>> body, int? window = null, SpawnOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Mapping(source, body, window, options, isOrdered: false, file, line);

    private static LiftedSource<TSource> Lift<TSource>(IEnumerable<TSource> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new LiftedSource<TSource>(source);
    }

    private PoolMapping<TSource, TResult> Mapping<TSource, TResult>(
        IAsyncEnumerable<TSource> source, Func<TSource, Task<TResult>> body, int? window, SpawnOptions? options, bool isOrdered, string file, int line)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(body);
        if (window is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(window));
        Open();
        return new PoolMapping<TSource, TResult>
        {
            Source = source,
            Submit = (item, daemon) => Submit(() => body(item), (options ?? new SpawnOptions()).WithDaemonUnlessSet(daemon), file, line),
            Window = window ?? (int)Math.Min(2L * Size, int.MaxValue),
            IsOrdered = isOrdered,
            Name = $"the reader of {this}",
            Sweep = _members.Sweep,
        };
    }
}
