namespace Sprig.Polling;

/// <summary>Something that the ground wakes: when a time has come, when a descriptor is ready, or when that descriptor is
/// closed under it. Floor 2 hangs coroutines on it; this floor knows nothing of them.</summary>
internal abstract class Waiter
{
    /// <summary>When it is due, in nanoseconds of the loop's clock. Meaningful while <see cref="IsTimed"/>.</summary>
    internal long Due;

    /// <summary>Which arming this was, counted up by the heap: equal deadlines fire in the order they were set.</summary>
    internal long Order;

    /// <summary>Where it stands in the heap; -1 while it stands in none.</summary>
    internal int HeapIndex = -1;

    internal bool IsTimed => HeapIndex >= 0;

    /// <summary>The deadline has come. The heap has let go of this waiter before it calls.</summary>
    internal abstract void OnDue();

    /// <summary>The descriptor is ready. The watcher has let go of this waiter before it calls.</summary>
    internal virtual void OnReady()
    {
    }

    /// <summary>The descriptor is being closed. The watcher has let go of this waiter before it calls.</summary>
    internal virtual void OnClosed(string device)
    {
    }
}
