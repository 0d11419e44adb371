using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>What a map through a pool is made of; each enumeration of it is a <see cref="PoolMapRun{TSource, TResult}"/>.</summary>
internal sealed class PoolMapping<TSource, TResult> : IAsyncEnumerable<TResult>
{
    internal required IAsyncEnumerable<TSource> Source { get; init; }

    /// <summary>Submits the work for an item; a daemon of this rule unless the caller said otherwise.</summary>
    internal required Func<TSource, DaemonRule, PoolWork<TResult>> Submit { get; init; }

    /// <summary>How many items may have been read and not handed out.</summary>
    internal required int Window { get; init; }

    internal required bool IsOrdered { get; init; }

    /// <summary>Frees the places of those that have ended, before their callbacks run.</summary>
    internal required Action Sweep { get; init; }

    /// <summary>Of the coroutine that reads the source.</summary>
    internal required string Name { get; init; }

    public IAsyncEnumerator<TResult> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => new PoolMapRun<TSource, TResult>(this, cancellationToken);
}
