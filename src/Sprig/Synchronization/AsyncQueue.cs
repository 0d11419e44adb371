using System.Runtime.CompilerServices;

namespace Sprig.Synchronization;

/// <summary>First in, first out.</summary>
/// <example><code>
/// AsyncQueue&lt;Job&gt; jobs = new(capacity: 10);
/// await jobs.PutAsync(job);               // waits while it is full
/// await foreach (Job job in jobs)         // until jobs.Shutdown()
///     await WorkAsync(job);
/// </code></example>
/// <inheritdoc cref="WaitableQueue{T, TEntry}"/>
public sealed class AsyncQueue<T> : ItemQueue<T>
{
    /// <summary>An empty queue.</summary>
    /// <param name="capacity">How many items it holds at most; null or 0: without bound.</param>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative capacity.</exception>
    public AsyncQueue(int? capacity = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label("AsyncQueue", name, file, line), RoomOf(capacity))
    {
    }
}
