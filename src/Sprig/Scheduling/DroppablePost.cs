namespace Sprig.Scheduling;

/// <summary>A post whose poster is told when nobody takes it.</summary>
internal sealed class DroppablePost(Action callback, Action dropped) : IPost
{
    internal static readonly Action<object?> Run = static self => ((DroppablePost)self!).Call();

    private void Call() => callback();

    // On the pool: whoever finds out holds what locks it likes.
    public void Drop() => ThreadPool.UnsafeQueueUserWorkItem(static dropped => dropped(), dropped, preferLocal: false);
}
