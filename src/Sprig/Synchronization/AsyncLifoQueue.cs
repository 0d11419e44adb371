using System.Runtime.CompilerServices;

namespace Sprig.Synchronization;

/// <summary>Last in, first out: a stack.</summary>
/// <inheritdoc cref="WaitableQueue{T, TEntry}"/>
public sealed class AsyncLifoQueue<T> : ItemQueue<T>
{
    /// <inheritdoc cref="AsyncQueue{T}(int?, string?, string, int)"/>
    public AsyncLifoQueue(int? capacity = null, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        : base(new Label("AsyncLifoQueue", name, file, line), RoomOf(capacity))
    {
    }

    private protected override bool NewestFirst => true;
}
