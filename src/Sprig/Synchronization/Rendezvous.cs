using System.Runtime.CompilerServices;

namespace Sprig.Synchronization;

/// <summary>A channel without a buffer: a put waits until its item is taken, so both sides meet.</summary>
/// <remarks>Of the queue's members, TryPut succeeds only where somebody waits to get, TryGet only where somebody waits to put,
/// and Peek sees what the first of those would put.
/// The one item that it may hold for a moment was handed to a coroutine that was killed before it ran.</remarks>
/// <inheritdoc cref="WaitableQueue{T, TEntry}"/>
public sealed class Rendezvous<T> : ItemQueue<T>
{
    /// <summary>A channel.</summary>
    /// <param name="name">For reports and errors; where it is made, unless given.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Rendezvous(string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label("Rendezvous", name, file, line), room: 0)
    {
    }
}
